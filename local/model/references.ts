import { appClientId } from "./app-clients.ts";
import type { Reference } from "./intrinsics.ts";
import { outboxReference } from "./outbox-references.ts";
import { ACCOUNT_ID, functionArn } from "./resource.ts";
import { rootResourceId } from "./rest-apis.ts";
import { sharedSiteReference } from "./site-references.ts";
import { TABLE_TYPES } from "./table-model.ts";
import type { TemplateResource } from "./template.ts";

/** What references to a template's resources are made of. */
export interface Places {
  readonly region: string;
  /** Where the local stack itself answers. */
  readonly url: string;
  /** Appended to every table's name. */
  readonly suffix: string;
  /** Of an API by its logical id: what it is called in addresses and events, and where it answers. */
  readonly apiOf: (logicalId: string) => { readonly apiId: string; readonly url: string };
  readonly functionNameOf: (logicalId: string) => string;
  /** By logical id, in the order in which they have their addresses. */
  readonly eventApiIds: readonly string[];
}

/** `Stack/Sessions/login/Resource` is the function `login`. */
export function constructIdOf(logicalId: string, resource: TemplateResource): string {
  const ids = pathOf(resource)?.split("/") ?? [];
  const isInner = ids.length > 1 && INNER_IDS.includes(ids.at(-1) ?? "");
  return ids.at(isInner ? -2 : -1) ?? logicalId;
}

/** What constructs of the CDK call the resource that they stand for. */
const INNER_IDS = ["Resource", "Default"];

const PATH_METADATA = "aws:cdk:path";

/** The construct's path, where the template tells. */
export function pathOf({ Metadata }: TemplateResource): string | undefined {
  const path = Metadata[PATH_METADATA];
  return typeof path === "string" ? path : undefined;
}

/** What `Ref` and `Fn::GetAtt` give of a resource that runs here, or looks so. */
export function referenceTo(id: string, resource: TemplateResource, places: Places): Reference | undefined {
  const { region, suffix } = places;
  const given = (property: string): string | undefined => {
    const value = resource.Properties[property];
    return typeof value === "string" ? value : undefined;
  };
  if (TABLE_TYPES.includes(resource.Type)) {
    const name = (given("TableName") ?? id) + suffix;
    const arn = `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${name}`;
    return { ref: name, attributes: { Arn: arn, StreamArn: `${arn}/stream/local` } };
  }
  switch (resource.Type) {
    case "AWS::Lambda::Function": {
      const name = places.functionNameOf(id);
      return { ref: name, attributes: { Arn: functionArn(region, name) } };
    }
    case "AWS::ApiGatewayV2::Api": {
      const api = places.apiOf(id);
      return { ref: api.apiId, attributes: { ApiEndpoint: api.url, ApiId: api.apiId } };
    }
    case "AWS::ApiGateway::RestApi": {
      const { apiId } = places.apiOf(id);
      return { ref: apiId, attributes: { RestApiId: apiId, RootResourceId: rootResourceId(apiId) } };
    }
    case "AWS::ApiGatewayV2::Stage":
    case "AWS::ApiGateway::Stage":
      return { ref: given("StageName") ?? id, attributes: {} };
    case "AWS::Cognito::UserPool": {
      // One that looks like it, so that the functions start.
      const ref = `${region}_${id.replaceAll(/[^A-Za-z0-9]/g, "")}`;
      const arn = `arn:aws:cognito-idp:${region}:${ACCOUNT_ID}:userpool/${ref}`;
      const providerName = `cognito-idp.${region}.amazonaws.com/${ref}`;
      const attributes = { Arn: arn, UserPoolId: ref, ProviderName: providerName };
      return { ref, attributes: { ...attributes, ProviderURL: `https://${providerName}` } };
    }
    case "AWS::Cognito::UserPoolClient":
      return { ref: appClientId(id), attributes: { ClientId: appClientId(id) } };
    // Roles are named by what runs here, but nobody assumes them.
    case "AWS::IAM::Role":
      return { ref: id, attributes: { Arn: `arn:aws:iam::${ACCOUNT_ID}:role/${id}` } };
    case "AWS::Logs::LogGroup": {
      const arn = `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${id}:*`;
      return { ref: id, attributes: { Arn: arn } };
    }
    default:
      if (/^AWS::ApiGateway(V2)?::/.test(resource.Type)) return { ref: id, attributes: {} };
      return outboxReference(id, resource, places) ?? sharedSiteReference(id, resource, region);
  }
}

/**
 * What stands for a resource that does not run here, where a template gives it a name of its own: people may
 * have something by that name at an endpoint that they set.
 */
export function standInReference(
  { Type, Properties }: TemplateResource,
  region: string,
): Reference | undefined {
  const [, service = "", kind = ""] = Type.split("::");
  const name = [Properties[`${kind}Name`], Properties["Name"]].find((value) => typeof value === "string");
  if (name === undefined) return undefined;
  const arn =
    service === "S3"
      ? `arn:aws:s3:::${name}`
      : `arn:aws:${service.toLowerCase()}:${region}:${ACCOUNT_ID}:${name}`;
  const ref = service === "SNS" ? arn : name;
  return { ref, attributes: { Arn: arn, TopicArn: arn, Name: name }, isStandIn: true };
}
