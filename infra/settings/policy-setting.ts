import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AT_LIMIT, HIGHEST_LIMIT, toSessionPolicy, type SessionPolicy } from "../../src/sessions/policy.ts";
import { isDeployTime } from "../deploy-time.ts";
import type { PolicyModule, PolicyProof } from "./policy-module.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";
import { PRECEDENCE, type GivenSettings } from "./setting-sources.ts";
import { ACCEPTED_BOOLEANS, asBoolean, toOneOf, toWholeNumber } from "./setting-values.ts";

const REFERENCE_SHAPE =
  /^(?<file>(?:\.{0,2}\/|[A-Za-z]:[\\/]|file:\/\/).+)#(?<exportName>[\p{ID_Start}$_][\p{ID_Continue}$]*)$/u;
const ACCEPTED =
  `${ACCEPTED_BOOLEANS}, or "./file.ts#export", a function of the user ` +
  "(the path is relative to the folder of cdk.json, absolute, or a file: URL)";

/** A policy for everybody, or the module whose function gives each user's. */
export type PolicySetting = SessionPolicy | PolicyModule;

/** Tells the two kinds of {@link PolicySetting} apart. */
export function isPolicyModule(policy: PolicySetting): policy is PolicyModule {
  return "exportName" in policy;
}

/** What reading the policy needs of the machine. */
export interface PolicyEnvironment {
  /**
   * The folder that relative paths start from: the working directory, which is that of `cdk.json` under the
   * CDK CLI.
   */
  readonly folder: string;
  /** Imports the module once and says whether its export is a function. */
  readonly prove: (module: PolicyModule) => PolicyProof;
}

/**
 * The session policy that `singleUserSession`, or `sessionLimit` and `atLimit`, give. They say the same thing
 * in two ways, so the first source that has any of the three decides alone, and one that has both ways is an
 * error.
 * @throws {@link SettingError}
 */
export function readPolicy(settings: GivenSettings, machine: PolicyEnvironment): PolicySetting {
  for (const source of PRECEDENCE) {
    const from = (given: GivenSetting | undefined) => (given?.source === source ? given : undefined);
    const single = from(settings.singleUserSession);
    const limit = from(settings.sessionLimit);
    const atLimit = from(settings.atLimit);
    const explicit = limit ?? atLimit;
    if (single && explicit) {
      throw new SettingError(
        `${nameOf(explicit)} is given together with ${nameOf(single)}`,
        "either singleUserSession, or sessionLimit and atLimit",
      );
    }
    if (single) return fromSingleUserSession(single, machine);
    if (explicit) {
      return toSessionPolicy({
        limit: limit ? toWholeNumber(limit, 1, HIGHEST_LIMIT) : 1,
        atLimit: atLimit ? toOneOf(atLimit, AT_LIMIT) : "displace",
      });
    }
  }
  return toSessionPolicy(true);
}

function fromSingleUserSession(given: GivenSetting, machine: PolicyEnvironment): PolicySetting {
  const flag = asBoolean(given.value);
  if (flag !== undefined) return toSessionPolicy(flag);

  const reference =
    typeof given.value === "string" && !isDeployTime(given.value)
      ? REFERENCE_SHAPE.exec(given.value)?.groups
      : undefined;
  const { file, exportName } = reference ?? {};
  if (file === undefined || exportName === undefined) throw SettingError.forValue(given, ACCEPTED);

  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  const module = { file: resolve(machine.folder, path), exportName };
  const subject = `${nameOf(given)} is ${JSON.stringify(given.value)}`;
  if (!existsSync(module.file) || !statSync(module.file).isFile()) {
    throw new SettingError(`${subject}, but there is no file ${module.file}`, ACCEPTED);
  }
  const proof = machine.prove(module);
  if (proof.outcome === "refused") throw new SettingError(`${subject}, but ${proof.problem}`, ACCEPTED);
  return module;
}
