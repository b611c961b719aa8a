import { Token } from "aws-cdk-lib";
import { toUrl } from "./oidc-setting-values.ts";
import { SettingError, type GivenSetting } from "./setting-error.ts";

/** The accepted values of `iss`. */
export interface IssuerSetting {
  /** The first https URL of those given: the provider is discovered by it. */
  readonly issuer: string;
  readonly otherIssuers?: readonly string[];
}

const MOST_ISSUERS = 10;
const ACCEPTED = "the issuer exactly as in the id tokens' iss, an https:// URL without query and fragment";
const ACCEPTED_LIST = `${ACCEPTED}; or a list of at most ${MOST_ISSUERS} spellings with such a URL among them`;
/** Another spelling of an issuer, such as Google's `accounts.google.com`. */
const WITHOUT_SCHEME = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/[^\s?#{}<>]*)?$/i;

/** Hosts of Microsoft Entra ID, national clouds included. */
export const ENTRA_HOST =
  /^(login\.microsoftonline\.(com|us|de)|login\.partner\.microsoftonline\.cn|login\.windows\.net|sts\.windows\.net|sts\.chinacloudapi\.cn|login\.chinacloudapi\.cn)$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The tenant that Entra ID's `consumers` stands for, in the tokens of all personal Microsoft accounts. */
const CONSUMERS_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";

/**
 * One issuer, or a list of spellings of one. An issuer stands for one provider: a template for many tenants
 * would need a decision about each tenant, which no setting can make.
 * @throws {@link SettingError} naming the field.
 */
export function toIssuers(given: GivenSetting): IssuerSetting {
  if (!Array.isArray(given.value)) return { issuer: toIssuer(given, ACCEPTED_LIST) };
  const values: readonly unknown[] = given.value;
  if (values.length === 0 || values.length > MOST_ISSUERS || Token.isUnresolved(values))
    throw SettingError.forValue(given, ACCEPTED_LIST);
  const all = [...new Set(values.map((value, index) => toSpelling(given, value, index)))];
  const issuer = all.find((spelling) => Token.isUnresolved(spelling) || spelling.startsWith("https://"));
  if (issuer === undefined) throw SettingError.forValue(given, ACCEPTED_LIST);
  const otherIssuers = all.filter((spelling) => spelling !== issuer);
  return { issuer, ...(otherIssuers.length > 0 && { otherIssuers }) };
}

function toSpelling(list: GivenSetting, value: unknown, index: number): string {
  const given = { ...list, name: `${list.name}[${index}]`, value };
  return typeof value === "string" && WITHOUT_SCHEME.test(value) ? value : toIssuer(given, ACCEPTED);
}

function toIssuer(given: GivenSetting, accepted: string): string {
  const issuer = toUrl(given, accepted);
  if (Token.isUnresolved(issuer)) return issuer;
  if (issuer.includes("/.well-known/")) {
    throw SettingError.forValue(given, `${ACCEPTED}: the document at this address names it as "issuer"`);
  }
  refuseEntraAlias(given, new URL(issuer));
  return issuer;
}

/**
 * Entra ID answers at several names of a tenant, and at endpoints for many; its tokens name the tenant's id.
 */
function refuseEntraAlias(given: GivenSetting, { hostname, pathname }: URL): void {
  if (!ENTRA_HOST.test(hostname)) return;
  const [, tenant = "", ...rest] = pathname.split("/");
  const isSts = hostname.startsWith("sts.");
  const isIssuer = GUID.test(tenant) && rest.join("/") === (isSts ? "" : "v2.0");
  if (isIssuer) return;
  const id = tenant === "consumers" ? CONSUMERS_TENANT : "<tenant id>";
  throw SettingError.forValue(
    given,
    "the issuer of one tenant by its id, as in the tokens of Entra ID: " +
      `https://login.microsoftonline.com/${id}/v2.0, or https://sts.windows.net/<tenant id>/ for tokens ` +
      "of version 1.0; one source for each tenant (endpoints for many tenants, such as common and " +
      "organizations, are not supported)",
  );
}
