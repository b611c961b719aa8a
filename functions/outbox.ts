import { deployedOutboxParts } from "./outbox-parts.ts";
import { wireOutbox } from "./wiring.ts";

export const handler = wireOutbox(deployedOutboxParts());
