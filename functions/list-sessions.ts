import { deployedParts, wireListSessions } from "./wiring.ts";

export const handler = wireListSessions(deployedParts());
