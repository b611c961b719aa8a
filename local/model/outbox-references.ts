import type { SynthesizedStack } from "./cloud-assembly.ts";
import type { Reference } from "./intrinsics.ts";
import { ACCOUNT_ID } from "./resource.ts";
import type { TemplateResource } from "./template.ts";

/**
 * The addresses that an Event API would have; those of this machine take their place.
 * @param index which one it is of {@link eventApiIdsOf}.
 */
export const eventApiDomains = (region: string, index: number) => ({
  http: `local${index}.appsync-api.${region}.amazonaws.com`,
  realtime: `local${index}.appsync-realtime-api.${region}.amazonaws.com`,
});

const EVENT_API = "AWS::AppSync::Api";

/** The logical ids of the Event APIs. */
export const eventApiIdsOf = ({ template }: SynthesizedStack, globalId: (id: string) => string): string[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === EVENT_API)
    .map(([id]) => globalId(id));

/** The path of a queue's URL here, as AWS has it. */
export const queuePath = (name: string): string => `/${ACCOUNT_ID}/${name}`;

/** The names of a template's queues. */
export function queueNames({ template }: SynthesizedStack, globalId: (id: string) => string): string[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === "AWS::SQS::Queue")
    .map(([id, resource]) => given(globalId(id), resource, "QueueName"));
}

function given(id: string, { Properties }: TemplateResource, property: string): string {
  const value = Properties[property];
  return typeof value === "string" ? value : id;
}

/** What a template may refer to of buses and their rules, queues, mappings and Event APIs. */
export function outboxReference(
  id: string,
  resource: TemplateResource,
  {
    region,
    url,
    eventApiIds,
  }: { readonly region: string; readonly url: string; readonly eventApiIds: readonly string[] },
): Reference | undefined {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${ACCOUNT_ID}:${rest}`;
  switch (resource.Type) {
    case "AWS::Events::EventBus": {
      const name = given(id, resource, "Name");
      return { ref: name, attributes: { Name: name, Arn: arn("events", `event-bus/${name}`) } };
    }
    case "AWS::Events::Rule":
      return {
        ref: given(id, resource, "Name"),
        attributes: { Arn: arn("events", `rule/${given(id, resource, "Name")}`) },
      };
    case "AWS::SQS::Queue": {
      const name = given(id, resource, "QueueName");
      const queueUrl = url + queuePath(name);
      return { ref: queueUrl, attributes: { Arn: arn("sqs", name), QueueName: name, QueueUrl: queueUrl } };
    }
    case "AWS::Lambda::EventSourceMapping":
      return {
        ref: id,
        attributes: { Id: id, EventSourceMappingArn: arn("lambda", `event-source-mapping:${id}`) },
      };
    case EVENT_API: {
      const { http, realtime } = eventApiDomains(region, eventApiIds.indexOf(id));
      const attributes = {
        ApiId: id,
        ApiArn: arn("appsync", `apis/${id}`),
        "Dns.Http": http,
        "Dns.Realtime": realtime,
      };
      return { ref: attributes.ApiArn, attributes };
    }
    case "AWS::AppSync::ChannelNamespace": {
      const namespaceArn = arn("appsync", `apis/local/channelNamespace/${given(id, resource, "Name")}`);
      return { ref: namespaceArn, attributes: { ChannelNamespaceArn: namespaceArn } };
    }
    default:
      return undefined;
  }
}
