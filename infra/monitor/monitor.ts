import { Duration, Stack } from "aws-cdk-lib";
import { ComparisonOperator, type AlarmBase, type Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { CfnQueryDefinition } from "aws-cdk-lib/aws-logs";
import type {
  AlarmFactoryDefaults,
  CustomAlarmThreshold,
  IAlarmActionStrategy,
  MonitoringFacade,
  ThrottledEventsThreshold,
} from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { accountWideName, pathInStack } from "../operators-output.ts";
import { alarmTopic, noteMissingTarget } from "./alarm-topic.ts";
import { runbookOf, type AlarmDefinition, type ObjectiveAlarm, type ThresholdAlarm } from "./alarms.ts";
import type { ApiMetrics } from "./api-metrics.ts";
import { monitoringLibrary } from "./library.ts";
import type { MonitorSettings } from "./monitor-props.ts";
import type { Monitored } from "./monitored.ts";
import { createObjectiveAlarm } from "./objectives.ts";
import { QUERIES } from "./queries.ts";
import type { Section, Watch } from "./section.ts";
import { apiSection, costSection, introduction, sectionsOf } from "./sections.ts";

const AT_OR_ABOVE = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/**
 * The dashboard and the alarms of sessions, made by `SingleSession.monitor`.
 */
export class SessionMonitor extends Construct {
  /** For graphs and alarms of your own, on the same dashboard and with the same target. */
  readonly facade: MonitoringFacade;
  /** Unless `dashboardName` leaves it out. */
  readonly dashboard?: Dashboard;

  readonly #monitored: Monitored;
  readonly #settings: MonitorSettings;
  readonly #defaults: AlarmFactoryDefaults;
  readonly #others: AlarmBase[] = [];

  constructor(scope: Construct, id: string, monitored: Monitored, settings: MonitorSettings) {
    super(scope, id);
    this.#monitored = monitored;
    this.#settings = settings;
    const { MonitoringFacade: Facade, DefaultDashboardFactory: Dashboards } = monitoringLibrary();
    const action = this.#action();
    this.#defaults = { actionsEnabled: true, alarmNamePrefix: monitored.prefix, action };
    const { dashboardName = monitored.prefix } = settings;
    const dashboardFactory = new Dashboards(this, "dashboards", {
      dashboardNamePrefix: dashboardName === false ? "none" : dashboardName,
      createDashboard: dashboardName !== false,
    });
    if (dashboardFactory.dashboard) this.dashboard = dashboardFactory.dashboard;
    this.facade = new Facade(this, "alarms", { alarmFactoryDefaults: this.#defaults, dashboardFactory });
    this.facade.addWidget(introduction());
    for (const section of sectionsOf(monitored, this.#watch)) this.#add(section);
    this.#addTables();
    this.#add(costSection(monitored));
    for (const [name, percentage] of Object.entries(settings.objectives)) {
      if (percentage === false) continue;
      this.#others.push(createObjectiveAlarm(this, name as ObjectiveAlarm, percentage, monitored, action));
    }
    if (settings.savedQueries) this.#saveQueries();
  }

  /** Every alarm, those that are only parts of another left out. */
  get alarms(): readonly AlarmBase[] {
    return [...this.facade.createdAlarms().map(({ alarm }) => alarm), ...this.#others];
  }

  /**
   * Watches an API too. One in another stack gets its alarm there, and no graph: the two stacks would need
   * each other.
   */
  addApi(api: ApiMetrics): void {
    const isHere = api.stack === Stack.of(this);
    const path = pathInStack(api.construct).replaceAll("/", "-");
    if (isHere) {
      this.#add(apiSection(api, this.#watch, path));
      return;
    }
    const definition = this.#settings.alarms["api-errors"];
    if (definition === false) return;
    const { AlarmFactory } = monitoringLibrary();
    const scope = new Construct(api.construct, `${this.#monitored.prefix}-monitor`);
    const factory = new AlarmFactory(scope, {
      globalAlarmDefaults: this.#defaults,
      globalMetricDefaults: {},
      localAlarmNamePrefix: "",
    });
    const props = this.#threshold("api-errors", definition, accountWideName(api.construct));
    const { alarm } = factory.addAlarm(api.serverErrors, {
      ...props,
      alarmNameSuffix: "api-errors",
      alarmDescription: definition.summary,
      treatMissingData: definition.missingData,
      comparisonOperator: AT_OR_ABOVE,
    });
    this.#others.push(alarm);
  }

  #action(): IAlarmActionStrategy {
    const { noopAction, notifySns } = monitoringLibrary();
    const { alarmTopic: given, okTopic } = this.#settings;
    const topic = given === undefined ? undefined : alarmTopic(this, "alarm-topic", given);
    const ok = okTopic === undefined ? undefined : alarmTopic(this, "ok-topic", okTopic);
    if (topic !== undefined) return notifySns(topic, ok);
    noteMissingTarget(this);
    return noopAction();
  }

  readonly #watch: Watch = (name, metric, suffix) => {
    const definition = this.#settings.alarms[name];
    if (definition === false) return metric;
    const props = this.#threshold(name, definition, suffix);
    return {
      metric,
      alarmFriendlyName: name,
      addAlarm: {
        // No more than a key here: the alarm's name is said outright.
        alarm: { ...props, comparisonOperator: AT_OR_ABOVE },
      },
    };
  };

  #threshold(name: ThresholdAlarm, definition: AlarmDefinition, suffix?: string) {
    const { summary, threshold, minutes, evaluationPeriods, datapointsToAlarm, missingData } = definition;
    return {
      threshold,
      alarmNameOverride: [this.#monitored.prefix, name, ...(suffix === undefined ? [] : [suffix])].join("-"),
      alarmDescriptionOverride: summary,
      runbookLink: runbookOf(name),
      period: Duration.minutes(minutes),
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingDataOverride: missingData,
      // The library's own is "greater than" in places.
      comparisonOperatorOverride: AT_OR_ABOVE,
    } satisfies CustomAlarmThreshold & { readonly threshold: number };
  }

  #add({ title, groups }: Section): void {
    this.facade.monitorCustom({ humanReadableName: title, alarmFriendlyName: title, metricGroups: groups });
  }

  #addTables(): void {
    const definition = this.#settings.alarms["database-throttled"];
    for (const [label, table] of Object.entries(this.#monitored.tables)) {
      const alarm = (direction: string): Record<string, ThrottledEventsThreshold> => {
        if (definition === false) return {};
        const props = this.#threshold("database-throttled", definition, `${label}-${direction}`);
        return { alarm: { ...props, maxThrottledEventsThreshold: props.threshold } };
      };
      this.facade.monitorDynamoTable({
        table: table as ITable,
        humanReadableName: `Table ${label}`,
        alarmFriendlyName: label,
        addReadThrottledEventsCountAlarm: alarm("reads"),
        addWriteThrottledEventsCountAlarm: alarm("writes"),
      });
    }
  }

  #saveQueries(): void {
    const logGroupNames = Object.values(this.#monitored.functions).map(
      ({ logGroup }) => logGroup.logGroupName,
    );
    for (const [name, query] of Object.entries(QUERIES)) {
      if (name.startsWith("outbox-") && this.#monitored.outbox === undefined) continue;
      // Not CDK's own `QueryDefinition`, which builds the text: it stands in the runbook as it is here.
      new CfnQueryDefinition(this, `query-${name}`, {
        name: `${this.#monitored.prefix}/${name}`,
        queryString: query.trim(),
        logGroupNames,
      });
    }
  }
}
