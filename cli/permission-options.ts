import { InvalidArgumentError } from "commander";
import { PERMISSIONS } from "../src/identity/permissions.ts";

const OURS: readonly string[] = Object.values(PERMISSIONS);
const ACCEPTED = OURS.join(", ");
const LONGEST = 128;
/** `single_session.log_out`, `single-sesion:logout`, `SingelSession`: attempts at our names. */
const LIKE_OURS = /^singl.{0,3}ses/iu;
/** No white space, and no comma: lists and headers separate names by them. */
const PLAUSIBLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/**
 * A value of `--permission`: one of this project's own. Anything else is most likely a typing error, which
 * would leave somebody without a permission and nobody the wiser.
 */
export function ownedPermission(value: string): string {
  if (OURS.includes(value)) return value;
  const several = value.includes(",") ? " For several permissions repeat the option." : "";
  throw new InvalidArgumentError(
    `${JSON.stringify(value)} is none of this project's permissions: ${ACCEPTED}.${several} For a ` +
      "permission of your own, which your policy function or your routes look at, use --own-permission.",
  );
}

/** A value of `--own-permission`: a name that is not ours and does not look like an attempt at ours. */
export function foreignPermission(value: string): string {
  const shown = JSON.stringify(value);
  if (OURS.includes(value)) {
    throw new InvalidArgumentError(`${shown} is a permission of this project; use --permission.`);
  }
  if (LIKE_OURS.test(value)) {
    throw new InvalidArgumentError(
      `${shown} looks like a permission of this project and is none; --permission accepts ${ACCEPTED}.`,
    );
  }
  if (!PLAUSIBLE.test(value) || value.includes(",") || value.length > LONGEST) {
    throw new InvalidArgumentError(
      `${shown} cannot be a permission: accepted are 1 to ${LONGEST} characters without white space, ` +
        "commas or control characters, such as kiosk or reports.read.",
    );
  }
  return value;
}
