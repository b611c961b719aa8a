import { Duration, NestedStack, Stack } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { RestApi } from "aws-cdk-lib/aws-apigateway";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, it } from "vitest";
import { ALARM_NAMES, SettingError, SingleSession, type MonitorProps } from "../../infra/index.ts";
import { FUNCTION_IDS, OUTBOX, PUSH_AUTHORIZE } from "../../infra/function-ids.ts";
import { QUERIES } from "../../infra/monitor/queries.ts";
import { appStack, constructIn, newApp, resourceOf, resourcesOf, WITHOUT_CODE } from "./support.ts";

const ALARM = "AWS::CloudWatch::Alarm";
const COMPOSITE = "AWS::CloudWatch::CompositeAlarm";
const DASHBOARD = "AWS::CloudWatch::Dashboard";

/** The properties of every alarm, by its name. */
function alarmsOf(stack: Stack): Record<string, Record<string, unknown>> {
  const all = [...Object.values(resourcesOf(stack, ALARM)), ...Object.values(resourcesOf(stack, COMPOSITE))];
  return Object.fromEntries(all.map(({ Properties }) => [String(Properties["AlarmName"]), Properties]));
}

/** The construct on an HTTP API, monitored. */
function monitored(props: MonitorProps = {}, sessionProps = {}) {
  const { stack, sessions } = constructIn(sessionProps);
  const api = new HttpApi(stack, "Api");
  sessions.addRoutes(api);
  const monitor = sessions.monitor({ alarmTopic: new Topic(stack, "Alarms"), ...props });
  return { stack, sessions, monitor, alarms: alarmsOf(stack) };
}

const policy = "./test/support/policies.ts#broken";
const whole = monitored({}, { singleUserSession: policy });

describe("sessions.monitor()", () => {
  it("makes each alarm, tells the topic, and names its page of the runbook", () => {
    for (const name of ALARM_NAMES) {
      const own = Object.entries(whole.alarms).filter(
        ([alarm, { AlarmDescription: text }]) =>
          alarm.startsWith(`Mine-Sessions-${name}`) && !String(text).startsWith("A part of"),
      );
      expect(own.length, name).toBeGreaterThan(0);
      for (const [, properties] of own) {
        expect(String(properties["AlarmDescription"])).toMatch(
          new RegExp(`Runbook: https://.*/alarms/${name}$`),
        );
        expect(properties["AlarmActions"]).toHaveLength(1);
        expect(properties["OKActions"]).toBeUndefined();
      }
    }
    expect(whole.monitor.alarms).toHaveLength(
      Object.values(whole.alarms).filter(({ AlarmActions }) => AlarmActions).length,
    );
  });

  it("watches the errors and throttles of each function, so that one that does not load is seen", () => {
    for (const id of [...FUNCTION_IDS, OUTBOX, PUSH_AUTHORIZE])
      for (const kind of ["errors", "throttles"])
        expect(whole.alarms, `${kind} of ${id}`).toHaveProperty(`Mine-Sessions-function-${kind}-${id}`);
  });

  it("takes what has no value for nothing that happened, and of a queue for what was before", () => {
    const {
      "Mine-Sessions-revocations-lost": lost,
      "Mine-Sessions-events-untold": untold,
      ...others
    } = whole.alarms;
    expect([lost, untold]).toMatchObject(Array(2).fill({ TreatMissingData: "ignore" }));
    const metricAlarms = Object.entries(others).filter(([, { AlarmRule }]) => AlarmRule === undefined);
    const treatments = metricAlarms.map(([, { TreatMissingData }]) => TreatMissingData);
    expect([...new Set(treatments)]).toEqual(["notBreaching"]);
  });

  it("holds the objectives in two windows at once, and only the whole notifies", () => {
    const rule = JSON.stringify(whole.alarms["Mine-Sessions-slo-validations"]?.["AlarmRule"]);
    expect(rule.match(/ AND /g)).toHaveLength(2);
    expect(rule.match(/ OR /g)).toHaveLength(1);
    const thresholdOf = (part: string) => whole.alarms[`Mine-Sessions-slo-validations-${part}`];
    expect(thresholdOf("fast-60m")).toMatchObject({ Threshold: 1.44, ActionsEnabled: false });
    expect(thresholdOf("fast-5m")).toMatchObject({ Threshold: 1.44, ActionsEnabled: false });
    expect(thresholdOf("slow-360m")).toMatchObject({ Threshold: 0.6, ActionsEnabled: false });
    expect(thresholdOf("slow-30m")).toMatchObject({ Threshold: 0.6, ActionsEnabled: false });
  });

  it("asks CloudWatch for no more than ten metrics in an alarm, which is all that it takes", () => {
    for (const [name, { Metrics = [] }] of Object.entries(whole.alarms))
      expect((Metrics as unknown[]).length, name).toBeLessThanOrEqual(10);
  });

  it("saves the queries of the runbook, for the logs of all functions", () => {
    const saved = Object.values(resourcesOf(whole.stack, "AWS::Logs::QueryDefinition"));
    expect(saved.map(({ Properties }) => Properties["Name"])).toEqual(
      Object.keys(QUERIES).map((name) => `Mine-Sessions/${name}`),
    );
    for (const { Properties } of saved)
      expect(Properties["LogGroupNames"]).toHaveLength(FUNCTION_IDS.length + 6);
  });

  it("has one dashboard, with every table, and says what no metric can tell", () => {
    const body = JSON.stringify(resourceOf(whole.stack, DASHBOARD).Properties["DashboardBody"]);
    for (const title of [
      "Endings by reason",
      "Table sessions",
      "Table users",
      "Table sign-in",
      "Table activity",
      "Activity not kept",
      "API Mine/Api",
    ])
      expect(body).toContain(title);
    expect(body).toContain("no metric counts those that expire");
  });

  it("changes nothing for those who do not call it", () => {
    const { stack } = constructIn();
    for (const type of [ALARM, COMPOSITE, DASHBOARD, "AWS::Logs::QueryDefinition"])
      expect(resourcesOf(stack, type)).toEqual({});
  });

  it("leaves out what cannot happen: policy faults without a policy function, guessing without sign-in", () => {
    const { alarms } = monitored({}, { identity: [], keepUsersTable: false });
    expect(alarms).not.toHaveProperty("Mine-Sessions-policy-faults");
    expect(alarms).not.toHaveProperty("Mine-Sessions-guessing");
  });
});

describe("the outbox", () => {
  const namesOf = (alarms: object) => Object.keys(alarms).join();

  it("is watched by what DynamoDB counts of the table and of the readers of its stream", () => {
    const silent = whole.alarms["Mine-Sessions-outbox-silent"];
    expect(silent).toMatchObject({ EvaluationPeriods: 3, DatapointsToAlarm: 3, Threshold: 1 });
    const label = {
      "Fn::Select": [3, { "Fn::Split": ["/", { "Fn::GetAtt": [expect.anything(), "StreamArn"] }] }],
    };
    const table = { Name: "TableName", Value: { Ref: expect.anything() as string } };
    expect(silent?.["Metrics"]).toContainEqual(
      expect.objectContaining({
        MetricStat: expect.objectContaining({
          Metric: {
            Namespace: "AWS/DynamoDB",
            MetricName: "ReturnedRecordsCount",
            Dimensions: [
              { Name: "Operation", Value: "GetRecords" },
              { Name: "StreamLabel", Value: label },
              table,
            ],
          },
        }) as unknown,
      }),
    );
    const age = whole.alarms["Mine-Sessions-outbox-behind"];
    expect(JSON.stringify(age?.["Metrics"])).toContain('"Expression":"age / 1000"');
  });

  it("has no alarm for hints without push", () => {
    const { alarms } = monitored({}, { events: { push: false } });
    expect(namesOf(alarms)).toContain("outbox-behind");
    expect(namesOf(alarms)).not.toMatch(/hints-failed|push-authorize/);
  });

  it("has no alarm, graph or query where events are off", () => {
    const { stack, alarms } = monitored({}, { events: false });
    expect(namesOf(alarms)).not.toMatch(/outbox|events-|hints/);
    const body = JSON.stringify(resourceOf(stack, DASHBOARD).Properties["DashboardBody"]);
    expect(body).not.toContain("Events told");
    expect(JSON.stringify(resourcesOf(stack, "AWS::Logs::QueryDefinition"))).not.toContain("outbox");
  });
});

describe("an API that has the routes", () => {
  it("is watched whether it gets them before or after, on a REST API too, and each once", () => {
    const { stack, sessions } = constructIn();
    sessions.monitor();
    const late = new HttpApi(stack, "Late");
    sessions.addRoutes(late);
    const rest = new RestApi(stack, "Rest", { deploy: false, cloudWatchRole: false });
    sessions.addRestRoutes(rest);
    sessions.addRestRoutes(rest, rest.root.addResource("again"));
    const names = Object.keys(alarmsOf(stack)).filter((name) => name.includes("api-errors"));
    expect(names).toEqual(["Mine-Sessions-api-errors-Late", "Mine-Sessions-api-errors-Rest"]);
  });

  it("has its alarm in its own stack, where that is another: neither stack may need the other twice", () => {
    const app = newApp(WITHOUT_CODE);
    const sessions = new SingleSession(new Stack(app, "Sessions"), "Sessions");
    const theirs = new Stack(app, "Theirs");
    sessions.addRoutes(new HttpApi(theirs, "Api"));
    const topic = new Topic(theirs, "Alarms");
    expect(() => sessions.monitor({ alarms: { "api-errors": { threshold: 7 } } })).not.toThrow();
    expect(topic).toBeDefined();
    expect(alarmsOf(theirs)).toMatchObject({
      "Sessions-Sessions-api-errors-Theirs-Api": { Threshold: 7, TreatMissingData: "notBreaching" },
    });
    app.synth();
  });
});

describe("the names", () => {
  it("begin with the namePrefix where there is one", () => {
    const { stack, alarms } = monitored({}, { namePrefix: "bank" });
    expect(Object.keys(alarms).filter((name) => !name.startsWith("bank-"))).toEqual([]);
    expect(resourceOf(stack, DASHBOARD).Properties["DashboardName"]).toBe("bank");
  });

  it("are known at the synth in a nested stack, too", () => {
    const outer = new Stack(newApp(WITHOUT_CODE), "Outer");
    const inner = new NestedStack(outer, "Inner");
    new SingleSession(inner, "Sessions").monitor();
    expect(Object.keys(alarmsOf(inner))).toContain("Outer-Inner-Sessions-faults");
  });
});

describe("the options", () => {
  it("change an alarm, leave one out, and leave the dashboard and the queries out", () => {
    const { stack, alarms, monitor } = monitored({
      alarms: {
        faults: { threshold: 3, period: Duration.minutes(1), evaluationPeriods: 5, datapointsToAlarm: 2 },
        "database-throttled": { threshold: 50 },
        contention: false,
        "slo-revocations": false,
      },
      objectives: { validations: 99.5 },
      dashboardName: false,
      savedQueries: false,
    });
    expect(alarms["Mine-Sessions-faults"]).toMatchObject({
      Threshold: 3,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 2,
      Metrics: [{ MetricStat: { Period: 60 } }],
    });
    expect(alarms["Mine-Sessions-database-throttled-sessions-reads"]).toMatchObject({
      Threshold: 50,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    expect(Object.keys(alarms).filter((name) => /contention|slo-revocations/.test(name))).toEqual([]);
    expect(alarms["Mine-Sessions-slo-validations-slow-30m"]).toMatchObject({ Threshold: 3 });
    expect(resourcesOf(stack, DASHBOARD)).toEqual({});
    expect(monitor.dashboard).toBeUndefined();
    expect(resourcesOf(stack, "AWS::Logs::QueryDefinition")).toEqual({});
  });

  it.each<[Record<string, unknown>, string]>([
    [{ topic: "x" }, "monitor.topic (prop) is not known"],
    [{ alarmTopic: "alarms" }, 'monitor.alarmTopic (prop) is "alarms". Accepted: a Topic of aws-sns'],
    [{ okTopic: 1 }, "monitor.okTopic (prop) is 1"],
    [{ dashboardName: "my board" }, 'monitor.dashboardName (prop) is "my board"'],
    [{ savedQueries: "maybe" }, 'monitor.savedQueries (prop) is "maybe"'],
    [{ alarms: { fault: false } }, "monitor.alarms.fault (prop) is not known. Accepted: function-errors"],
    [{ alarms: { faults: true } }, "monitor.alarms.faults (prop) is true. Accepted: false, or an object"],
    [{ alarms: { faults: { threshold: 0 } } }, "monitor.alarms.faults.threshold (prop) is 0"],
    [{ alarms: { faults: { period: "90s" } } }, 'monitor.alarms.faults.period (prop) is "90s"'],
    [{ alarms: { faults: { evaluationPeriods: 0 } } }, "monitor.alarms.faults.evaluationPeriods (prop) is 0"],
    [{ alarms: { faults: { datapointsToAlarm: 2 } } }, "monitor.alarms.faults.datapointsToAlarm (prop) is 2"],
    [
      { alarms: { faults: { period: "1h", evaluationPeriods: 25 } } },
      "monitor.alarms.faults (prop) looks at 1500 minutes",
    ],
    [{ alarms: { "slo-validations": {} } }, "monitor.alarms.slo-validations (prop) is {}. Accepted: false"],
    [{ objectives: { validations: 100 } }, "monitor.objectives.validations (prop) is 100"],
    [{ objectives: { logins: 99 } }, "monitor.objectives.logins (prop) is not known"],
  ])("that cannot be right fail the synth: %j", (props, message) => {
    const { sessions } = constructIn();
    const make = () => sessions.monitor(props);
    expect(make).toThrow(SettingError);
    expect(make).toThrow(message);
  });

  it("are given once", () => {
    expect(() => whole.sessions.monitor()).toThrow("monitor() of Mine/Sessions was called before");
  });

  it("come from the context of the app, where nothing is made unless it asks", () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const asked = appStack({}, { monitor: { alarmTopic: topic, dashboardName: "mine" } });
    expect(resourceOf(asked, DASHBOARD).Properties["DashboardName"]).toBe("mine");
    expect(alarmsOf(asked)["SingleSession-Sessions-faults"]?.["AlarmActions"]).toEqual([topic]);
    expect(resourcesOf(appStack({}, { monitor: "true" }), DASHBOARD)).not.toEqual({});
    expect(resourcesOf(appStack({}, { monitor: false }), DASHBOARD)).toEqual({});
    expect(resourcesOf(appStack(), DASHBOARD)).toEqual({});
    expect(() => appStack({}, { monitor: "sometimes" })).toThrow('monitor (context) is "sometimes"');
    expect(() => appStack({}, { monitor: { alarm: 1 } })).toThrow("monitor.alarm (context) is not known");
  });
});

describe("the topic", () => {
  it("and its key let CloudWatch publish, for this account alone", () => {
    const { stack, sessions } = constructIn();
    const masterKey = new Key(stack, "Key");
    const alarmTopic = new Topic(stack, "Alarms", { masterKey, enforceSSL: true });
    sessions.monitor({ alarmTopic, okTopic: alarmTopic });
    const statement = Match.objectLike({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
    });
    const [topicPolicy] = Object.values(resourcesOf(stack, "AWS::SNS::TopicPolicy"));
    const key = resourceOf(stack, "AWS::KMS::Key");
    for (const document of [topicPolicy?.Properties["PolicyDocument"], key.Properties["KeyPolicy"]])
      expect(
        Match.objectLike({ Statement: Match.arrayWith([statement]) })
          .test(document)
          .hasFailed(),
      ).toBe(false);
    expect(alarmsOf(stack)["Mine-Sessions-faults"]?.["OKActions"]).toHaveLength(1);
    Annotations.fromStack(stack).hasNoInfo("*", Match.stringLikeRegexp("alarmTopic"));
  });

  it("that is imported is pointed out, and so are alarms that notify nobody", () => {
    const imported = constructIn();
    imported.sessions.monitor({ alarmTopic: "arn:aws:sns:eu-central-1:123456789012:alarms" });
    Annotations.fromStack(imported.stack).hasInfo(
      "*",
      Match.stringLikeRegexp("alarmTopic or its key is imported"),
    );
    const none = constructIn();
    none.sessions.monitor();
    Annotations.fromStack(none.stack).hasInfo("*", Match.stringLikeRegexp("notify nobody"));
  });
});
