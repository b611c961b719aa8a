import { openApiDocument } from "./document.ts";
import { writeDocument } from "./write-document.ts";

/** `npm run openapi [-- FILE]`. */
await writeDocument(openApiDocument());
