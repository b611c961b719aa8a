/** What `dev` does between two changes, as a program of its own: it can be ended from outside. */
import { createSynthesizer } from "../../local/stand-by.ts";

const [folder = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const synthesizer = createSynthesizer({ folder }, (pid) => process.stdout.write(`waiting ${pid}\n`));
await synthesizer.standBy(await synthesizer.synthesize(signal));
