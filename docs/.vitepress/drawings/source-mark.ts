import { createHash } from "node:crypto";

/** A comment at the end of a drawing by which a test sees that it was made of this source. */
export const sourceMark = (source: string): string =>
  `\n<!-- source ${createHash("sha256").update(source).digest("hex").slice(0, 16)} -->\n`;
