import { deployedParts, wireAdminLogout } from "./wiring.ts";

export const handler = wireAdminLogout(deployedParts());
