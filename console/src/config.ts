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
  /** Whether long lists are logged out by jobs: the page of jobs is there. */
  readonly jobs: boolean;
  /** How the deployment presents itself. */
  readonly brand?: Brand;
}

export interface Brand {
  /** What the pages are called, in place of "Sessions". */
  readonly title?: string;
  /** A picture in the bar on top. */
  readonly logo?: { readonly src: string; readonly alt: string };
  /** Where people look after their account: change the password, above all. */
  readonly accountUrl?: string;
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
  jobs: false,
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
  const { identity, activity, jobs, brand } = (json ?? {}) as {
    identity?: { passwords?: unknown; oidc?: unknown } | null;
    activity?: unknown;
    jobs?: unknown;
    brand?: unknown;
  };
  if (typeof identity !== "object" || identity === null) return undefined;
  const oidc = Array.isArray(identity.oidc) ? identity.oidc.flatMap(readOidcButton) : [];
  return {
    identity: { passwords: identity.passwords !== false, oidc },
    activity: activity === true,
    jobs: jobs === true,
    brand: readBrand(brand),
  };
}

/** What cannot be right is left out: the page then looks as it does without it. */
function readBrand(value: unknown): Brand {
  const { title, logo, accountUrl } = (value ?? {}) as Partial<Record<keyof Brand, unknown>>;
  const { src, alt } = (logo ?? {}) as { src?: unknown; alt?: unknown };
  const isLogo = typeof src === "string" && typeof alt === "string" && (isOwnPath(src) || isHttps(src));
  return {
    ...(typeof title === "string" && title.trim() !== "" && { title }),
    ...(isLogo && { logo: { src, alt } }),
    ...(typeof accountUrl === "string" && isHttps(accountUrl) && { accountUrl }),
  };
}

const isOwnPath = (text: string): boolean => /^\/(?![/\\])/.test(text);

/** A link of the page never runs a script. */
const isHttps = (text: string): boolean => /^https:\/\//i.test(text);

/** A path of this origin only: the file is the deployment's, and still no way to lead people elsewhere. */
function readOidcButton(value: unknown): OidcButton[] {
  const { name, label, startPath } = (value ?? {}) as Partial<Record<keyof OidcButton, unknown>>;
  if (typeof name !== "string" || typeof startPath !== "string" || !isOwnPath(startPath)) return [];
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
