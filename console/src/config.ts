/** What `/config.json` tells the page of its deployment. */
export interface ConsoleConfig {
  readonly identity: {
    /** Whether people sign in with a user name and a password. */
    readonly passwords: boolean;
    /** The OpenID Connect sources that sign people in by redirection, in the order of their buttons. */
    readonly oidc: readonly OidcButton[];
  };
  /** Whether activity is kept: the overview, sharing and activity pages are there. */
  readonly activity: boolean;
}

export interface OidcButton {
  /** The source's name, which begins the ids of its users: `corp` of `corp:maria`. */
  readonly name: string;
  /** What people call the provider; see {@link labelOf}. */
  readonly label?: string;
  /** `/login/oidc?source=corp` */
  readonly startPath: string;
}

/** What a page without a configuration shows. */
export const PASSWORDS_ONLY: ConsoleConfig = {
  identity: { passwords: true, oidc: [] },
  activity: false,
};

/** The configuration of the deployment; {@link PASSWORDS_ONLY} where it is missing or cannot be read. */
export async function loadConfig(): Promise<ConsoleConfig> {
  try {
    const response = await fetch("/config.json");
    return (response.ok ? readConfig(await response.json()) : undefined) ?? PASSWORDS_ONLY;
  } catch {
    return PASSWORDS_ONLY;
  }
}

function readConfig(json: unknown): ConsoleConfig | undefined {
  const { identity, activity } = (json ?? {}) as {
    identity?: { passwords?: unknown; oidc?: unknown } | null;
    activity?: unknown;
  };
  if (typeof identity !== "object" || identity === null) return undefined;
  const oidc = Array.isArray(identity.oidc) ? identity.oidc.flatMap(readOidcButton) : [];
  return { identity: { passwords: identity.passwords !== false, oidc }, activity: activity === true };
}

/** A path of this origin only: the file is the deployment's, and still no way to lead people elsewhere. */
function readOidcButton(value: unknown): OidcButton[] {
  const { name, label, startPath } = (value ?? {}) as Partial<Record<keyof OidcButton, unknown>>;
  if (typeof name !== "string" || typeof startPath !== "string" || !/^\/(?![/\\])/.test(startPath)) return [];
  return [{ name, startPath, ...(typeof label === "string" && label.trim() !== "" && { label }) }];
}

/** What a button calls its source: `my-company` is "My Company" where the deployment gives no label. */
export function labelOf({ name, label }: OidcButton): string {
  if (label !== undefined) return label;
  return name
    .split(/[-_.\s]+/)
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
