import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CorsHttpMethod,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
  type CorsPreflightOptions,
} from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { CORS } from "../src/runtime/function-settings.ts";
import { needsOwnCors } from "./settings/allowed-origins.ts";
import { readConsoleSetting } from "./console/console-setting.ts";
import { SingleSessionConsole, type SingleSessionConsoleOptions } from "./console/console.ts";
import type { SingleSessionProps } from "./single-session-props.ts";
import { readMonitorSetting, type MonitorProps } from "./monitor/monitor-props.ts";
import type { SessionMonitor } from "./monitor/monitor.ts";
import { SingleSession } from "./single-session.ts";
import { readThrottle, type SessionThrottle } from "./throttle.ts";

/** Props of {@link SingleSessionStack}. */
export interface SingleSessionStackProps extends StackProps {
  /**
   * Settings of the sessions. The stack reads neither context nor environment; `settingsFromContext` does,
   * where it is asked.
   * @default the default of each setting
   */
  readonly sessions?: SingleSessionProps;
  /**
   * Whether the console is served in front of the API, by CloudFront from a bucket; or what it is to be like.
   * @default true
   */
  readonly console?: boolean | string | SingleSessionConsoleOptions;
  /**
   * How many requests a second the API's routes take from everybody together, each route on its own.
   * @default `DEFAULT_THROTTLE`, which holds for 10,000 visible pages
   */
  readonly throttle?: SessionThrottle;
  /**
   * Whether there are a dashboard and alarms, or the options of `SingleSession.monitor`.
   * @default false
   */
  readonly monitor?: boolean | string | MonitorProps;
  /**
   * Whether tables and logs go with the stack, for throwaway ones.
   * @default false
   */
  readonly removeOnDestroy?: boolean;
}

/**
 * `aws.apigateway` variables by field. No header is among them: `Cookie` and `Authorization` carry session
 * tokens.
 */
const ACCESS_LOG_FIELDS = {
  time: "$context.requestTime",
  requestId: "$context.requestId",
  sourceIp: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  route: "$context.routeKey",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  integrationLatencyMs: "$context.integrationLatency",
  integrationStatus: "$context.integration.status",
  integrationError: "$context.integrationErrorMessage",
};

/** The app: {@link SingleSession} behind an HTTP API of its own, with the console before it. */
export class SingleSessionStack extends Stack {
  readonly sessions: SingleSession;
  readonly httpApi: HttpApi;
  /** Unless the setting `console` leaves it out. */
  readonly console?: SingleSessionConsole;
  /** Where the setting `monitor` asks for one. */
  readonly monitor?: SessionMonitor;

  constructor(scope: Construct, id: string, props: SingleSessionStackProps = {}) {
    const { sessions = {}, console: consoleProp, throttle, monitor: monitorProp, ...others } = props;
    const { removeOnDestroy = false, ...stackProps } = others;
    super(scope, id, stackProps);
    const removalPolicy = removeOnDestroy ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;

    this.sessions = new SingleSession(this, "Sessions", {
      removalPolicy,
      deletionProtection: !removeOnDestroy,
      ...sessions,
    });
    this.httpApi = new HttpApi(this, "Api", {
      description: "Single session",
      createDefaultStage: false,
      ...corsFor(this.sessions.allowedOrigins),
    });
    this.sessions.addRoutes(this.httpApi);

    const accessLog = new LogGroup(this, "AccessLog", {
      ...(sessions.encryptionKey && { encryptionKey: sessions.encryptionKey }),
      retention: sessions.logRetention ?? RetentionDays.THREE_MONTHS,
      removalPolicy,
    });
    const stage = new HttpStage(this, "DefaultStage", {
      httpApi: this.httpApi,
      stageName: "$default",
      autoDeploy: true,
      // For routes of one's own.
      throttle: readThrottle(throttle).others,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    this.sessions.throttleRoutes(stage, throttle);
    const console = readConsoleSetting(consoleProp);
    if (console !== false) {
      this.console = new SingleSessionConsole(this, "Console", {
        sessions: this.sessions,
        httpApi: this.httpApi,
        ...console,
      });
    }
    const monitor = readMonitorSetting({ name: "monitor", source: "prop", value: monitorProp });
    if (monitor !== false) this.monitor = this.sessions.monitor(monitor);
    this.#addOutputs();
  }

  /**
   * Other programs find these outputs by their names: the users' commands, and what runs the template
   * locally.
   */
  #addOutputs(): void {
    const { sessions } = this;
    new CfnOutput(this, "ApiUrl", { value: this.httpApi.apiEndpoint });
    if (this.console) new CfnOutput(this, "ConsoleUrl", { value: this.console.url });
    new CfnOutput(this, "SessionsTableName", { value: sessions.sessionsTable.tableName });
    if (sessions.usersTable) new CfnOutput(this, "UsersTableName", { value: sessions.usersTable.tableName });
    if (sessions.signInTable)
      new CfnOutput(this, "SignInTableName", { value: sessions.signInTable.tableName });
    new CfnOutput(this, "Era", { value: sessions.era });
    new CfnOutput(this, "AuthorizeFunctionArn", { value: sessions.authorizeFunction.functionArn });
    new CfnOutput(this, "LoginFunctionName", { value: sessions.loginFunction.functionName });
    new CfnOutput(this, "AdminLogoutFunctionName", { value: sessions.adminLogoutFunction.functionName });
  }
}

/**
 * With credentials, so each origin is named: browsers take no wildcard then (Fetch standard, CORS protocol).
 */
function corsFor(allowedOrigins: readonly string[]): { readonly corsPreflight?: CorsPreflightOptions } {
  // With a configuration, however small, the API would pass over the functions' headers.
  if (allowedOrigins.length === 0 || needsOwnCors(allowedOrigins)) return {};
  return {
    corsPreflight: {
      allowOrigins: [...allowedOrigins],
      allowCredentials: true,
      allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
      allowHeaders: [...CORS.requestHeaders],
      exposeHeaders: [...CORS.exposedHeaders],
      maxAge: Duration.seconds(CORS.maxAgeSeconds),
    },
  };
}
