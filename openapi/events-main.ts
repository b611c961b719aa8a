import { eventsDocument } from "./events.ts";
import { writeDocument } from "./write-document.ts";

/** `npm run events [-- FILE]`. */
await writeDocument(eventsDocument());
