import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";

const read = (path: string): string => readFileSync(join(PROJECT_FOLDER, path), "utf8");

/** In the order in which the README shows them; `npm run try:package` pastes the first two. */
const SAMPLES = ["cognito-stack", "read-the-user", "tell-why"];

test("the README's TypeScript is that of the documentation", () => {
  const blocks = [...read("README.md").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text);
  expect(blocks).toEqual(SAMPLES.map((name) => read(`docs/samples/${name}.ts`)));
});

/** Pages that are read on the forge and not on the site, whose own links the site's check follows. */
const PAGES = globSync(["*.md", "examples/*/README.md"], { cwd: PROJECT_FOLDER });

test.each(PAGES)("each link of %s leads to a file and heading that is there", (page) => {
  const text = read(page).replaceAll(/^```.*?^```$/gms, "");
  const definitions = new Map([...text.matchAll(/^\[(\w+)\]: (\S+)$/gm)].map(([, name, to]) => [name, to]));
  const targets = [
    ...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target),
    ...[...text.matchAll(/\]\[(\w+)\]/g)].map(
      ([, name]) => definitions.get(name) ?? `no definition of ${name}`,
    ),
  ];
  const broken = targets.filter(
    (target = "") => !target.startsWith("https:") && !leadsSomewhere(page, target),
  );
  expect(broken).toEqual([]);
});

function leadsSomewhere(page: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page : join(dirname(page), file);
  if (!existsSync(join(PROJECT_FOLDER, path))) return false;
  return anchor === undefined || anchorsOf(read(path)).includes(anchor);
}

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
