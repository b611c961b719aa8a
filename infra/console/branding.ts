import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeployTime } from "../deploy-time.ts";
import { fieldsOf } from "../settings/setting-fields.ts";
import { nameOf, SettingError, type GivenSetting } from "../settings/setting-error.ts";

/** How the console presents itself. */
export interface ConsoleBranding {
  /**
   * What the pages are called, in the bar on top and in the browser's title: 1 to 64 characters.
   * @default "Sessions", in the language of the page
   */
  readonly title?: string;
  /** @default none */
  readonly logo?: ConsoleLogo;
  /**
   * Where people look after their account, such as the provider's page for changing the password: an `https`
   * URL. It is linked to from the menu of the user, and wherever somebody else may know the password.
   * @default none
   */
  readonly accountUrl?: string;
}

/** A picture in the bar on top, which is dark in both themes. */
export interface ConsoleLogo {
  /**
   * A file of your app (`./logo.svg`, from the folder of the synth; at most 100 KB), which is deployed with
   * the page; or an `https` URL, which the page's content security policy then allows.
   */
  readonly src: string;
  /** What the picture says, for those who do not see it: 1 to 128 characters. */
  readonly alt: string;
}

/** What is made of the options: the logo is looked at, and its file has a name that changes with it. */
export interface Brand extends Omit<ConsoleBranding, "logo"> {
  readonly logo?: LogoFile | LogoUrl;
}

export interface LogoFile {
  readonly kind: "file";
  readonly alt: string;
  /** Where it lies now. */
  readonly path: string;
  /** What it is called where it is served. */
  readonly name: string;
}

export interface LogoUrl {
  readonly kind: "url";
  readonly alt: string;
  readonly url: URL;
}

export const BRANDING_FIELDS = {
  title: true,
  logo: true,
  accountUrl: true,
} as const satisfies Record<keyof ConsoleBranding, true>;
const LOGO_FIELDS = { src: true, alt: true } as const satisfies Record<keyof ConsoleLogo, true>;

const LONGEST_TITLE = 64;
const LONGEST_ALT = 128;
const LONGEST_URL = 2048;
/** The page itself is not much larger. */
const LARGEST_LOGO_BYTES = 100 * 1024;
const LOGO_TYPES = [".svg", ".png", ".webp", ".jpg", ".jpeg"];
const ACCEPTED_LOGO =
  `a file of the app (${LOGO_TYPES.join(", ")}; at most ${LARGEST_LOGO_BYTES / 1024} KB), ` +
  "or an https URL whose path has letters, digits and -._~%/ only";
const ACCEPTED_URL = `an https URL of at most ${LONGEST_URL} characters, without credentials`;

/**
 * The branding among the console's options, checked.
 * @param folder where paths of files begin.
 * @throws SettingError naming the option, its value and what is accepted.
 */
export function readBranding(given: GivenSetting, folder: string): Brand {
  const { title, logo, accountUrl } = fieldsOf<ConsoleBranding>(given, BRANDING_FIELDS);
  return {
    ...(title.value !== undefined && { title: toLine(title, LONGEST_TITLE) }),
    ...(logo.value !== undefined && { logo: readLogo(logo, folder) }),
    ...(accountUrl.value !== undefined && { accountUrl: toHttpsUrl(accountUrl, ACCEPTED_URL).href }),
  };
}

function readLogo(given: GivenSetting, folder: string): LogoFile | LogoUrl {
  const { src, alt } = fieldsOf<ConsoleLogo>(given, LOGO_FIELDS);
  const text = toLine(alt, LONGEST_ALT);
  if (typeof src.value === "string" && /^https?:/i.test(src.value)) {
    const url = toHttpsUrl(src, ACCEPTED_LOGO);
    // The policy names it: whatever could end or widen that is refused.
    if (!/^[\w\-.~%/]+$/.test(url.pathname)) throw SettingError.forValue(src, ACCEPTED_LOGO);
    return { kind: "url", alt: text, url };
  }
  return { kind: "file", alt: text, ...readLogoFile(src, folder) };
}

function readLogoFile(given: GivenSetting, folder: string): Pick<LogoFile, "path" | "name"> {
  const { value } = given;
  if (typeof value !== "string" || value === "" || isDeployTime(value))
    throw SettingError.forValue(given, ACCEPTED_LOGO);
  const path = resolve(folder, value.startsWith("file:") ? fileURLToPath(value) : value);
  const subject = `${nameOf(given)} is ${JSON.stringify(value)}`;
  const type = extname(path).toLowerCase();
  if (!LOGO_TYPES.includes(type)) throw SettingError.forValue(given, ACCEPTED_LOGO);
  const file = statSync(path, { throwIfNoEntry: false });
  if (!file?.isFile()) throw new SettingError(`${subject}, but there is no file ${path}`, ACCEPTED_LOGO);
  if (file.size > LARGEST_LOGO_BYTES)
    throw new SettingError(`${subject}, which has ${Math.ceil(file.size / 1024)} KB`, ACCEPTED_LOGO);
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
  return { path, name: `logo-${hash}${type}` };
}

function toLine(given: GivenSetting, longest: number): string {
  const { value } = given;
  const isLine = typeof value === "string" && value.trim() === value && !/\p{Cc}/u.test(value);
  if (isLine && value.length > 0 && value.length <= longest && !isDeployTime(value)) return value;
  throw SettingError.forValue(given, `text of 1 to ${longest} characters without white space at its ends`);
}

function toHttpsUrl(given: GivenSetting, accepted: string): URL {
  const { value } = given;
  const url = typeof value === "string" && !isDeployTime(value) ? URL.parse(value) : null;
  const isRight =
    url?.protocol === "https:" && url.username + url.password === "" && url.href.length <= LONGEST_URL;
  if (!isRight) throw SettingError.forValue(given, accepted);
  return url;
}
