import { App } from "aws-cdk-lib";
import { readAppSettings } from "./settings/app-settings.ts";
import { stackPropsFromContext } from "./settings/context-settings.ts";
import { SettingError } from "./settings/setting-error.ts";
import { SingleSessionStack } from "./single-session-stack.ts";

try {
  // Synthesized by hand: an App does it by itself when the process ends, even after a setting was refused.
  const app = new App({ autoSynth: false });
  const { stackName, removeOnDestroy } = readAppSettings(app.node.getAllContext() as Record<string, unknown>);
  // The id names the template's file, whatever the stack is called.
  new SingleSessionStack(app, "SingleSession", {
    ...stackPropsFromContext(app),
    stackName,
    removeOnDestroy,
  });
  app.synth();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  // Where a setting is wrong, its message is all there is to say; a stack trace would bury it.
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
}
