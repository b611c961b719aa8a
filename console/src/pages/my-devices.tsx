import type { OwnActivityView } from "../../../src/api/parts/shapes.ts";
import type { OwnSessionView } from "../../../src/api/parts/views.ts";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Cards, { type CardsProps } from "@cloudscape-design/components/cards";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { valueOf } from "../api/call.ts";
import { own } from "../api/calls.ts";
import { errorText } from "../api/failure-text.ts";
import type { ConsoleConfig } from "../config.ts";
import { useConfig } from "../config-context.tsx";
import { deviceLabel } from "../devices/device-label.ts";
import { DeviceName } from "../devices/device-name.tsx";
import { EndSessions, type ToEnd } from "../devices/end-sessions.tsx";
import { NextSteps } from "../devices/next-steps.tsx";
import { RecentActivity } from "../devices/recent-activity.tsx";
import { useTexts } from "../preferences/preferences.tsx";
import { useSignedIn } from "../../../client/react/index.ts";
import { Failure } from "../shell/failure.tsx";
import { Updated } from "../shell/updated.tsx";
import { usePageTitle } from "../shell/use-page-title.ts";
import type { Texts } from "../texts/en.ts";
import { TimeAgo } from "../time/time-ago.tsx";

/** Sessions begin and end elsewhere, too. */
const REFRESH_MS = 30_000;

interface MyDevicesProps extends Pick<ConsoleConfig, "identity"> {
  readonly onLogOut: () => void;
}

/** One's own sessions: which there are, and ending them. */
export default function MyDevices({ identity, onLogOut }: MyDevicesProps): ReactNode {
  const texts = useTexts();
  const { user, session } = useSignedIn();
  usePageTitle(texts.devices.title);
  const { activity } = useConfig();
  // "over": a session that somebody else began, and that has ended by now.
  const [toEnd, setToEnd] = useState<ToEnd | "over">();
  const query = useQuery({
    // With the session, for after a new sign-in another one is the current.
    queryKey: ["own-sessions", user.id, session.id],
    queryFn: async () => valueOf(await own.sessions()),
    refetchInterval: REFRESH_MS,
  });
  const sessions = query.data ?? [];
  const others = sessions.filter(({ current }) => current !== true);

  function notMe({ sessionId }: OwnActivityView): void {
    const session = others.find(({ id }) => id === sessionId);
    setToEnd(session === undefined ? "over" : { kind: "not-me", session });
  }

  return (
    <SpaceBetween size="l">
      {query.error && <Failure text={errorText(query.error, texts)} onRetry={() => void query.refetch()} />}
      <Cards
        items={sessions}
        trackBy="id"
        loading={query.isPending}
        loadingText={texts.loading}
        empty={query.error ? null : <Box textAlign="center">{texts.devices.empty}</Box>}
        cardDefinition={cardOf(texts, setToEnd, onLogOut)}
        cardsPerRow={[{ cards: 1 }, { minWidth: 700, cards: 2 }]}
        ariaLabels={{
          itemSelectionLabel: () => "",
          selectionGroupLabel: "",
          cardsLabel: texts.devices.title,
        }}
        header={
          <Header
            variant="h1"
            description={texts.devices.text}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Updated
                  at={query.dataUpdatedAt}
                  isBusy={query.isFetching && !query.isPending}
                  onRefresh={() => void query.refetch()}
                />
                <Button
                  disabled={others.length === 0}
                  onClick={() => setToEnd({ kind: "others", sessionCount: others.length })}
                >
                  {texts.devices.endOthers}
                </Button>
              </SpaceBetween>
            }
          >
            {texts.devices.title}
          </Header>
        }
      />
      {activity && <RecentActivity onNotMe={notMe} />}
      {toEnd === "over" && <NextSteps onClose={() => setToEnd(undefined)} />}
      {toEnd !== undefined && toEnd !== "over" && (
        <EndSessions toEnd={toEnd} identity={identity} onClose={() => setToEnd(undefined)} />
      )}
    </SpaceBetween>
  );
}

function cardOf(
  texts: Texts,
  onEnd: (toEnd: ToEnd) => void,
  onLogOut: () => void,
): CardsProps.CardDefinition<OwnSessionView> {
  const { devices, header, notMe } = texts;
  return {
    header: ({ device, current }) => (
      <SpaceBetween direction="horizontal" size="xs">
        <DeviceName device={device} />
        {current === true && <Badge color="green">{devices.current}</Badge>}
      </SpaceBetween>
    ),
    sections: [
      {
        id: "address",
        header: devices.address,
        content: ({ device }) => device.address ?? devices.noAddress,
      },
      {
        id: "createdAt",
        header: devices.signedIn,
        content: ({ createdAt }) => <TimeAgo at={createdAt} />,
        width: 50,
      },
      {
        id: "lastSeenAt",
        header: devices.lastSeen,
        content: ({ lastSeenAt }) => <TimeAgo at={lastSeenAt} />,
        width: 50,
      },
      { id: "expiresAt", header: devices.expires, content: ({ expiresAt }) => <TimeAgo at={expiresAt} /> },
      {
        id: "end",
        content: (session) =>
          session.current === true ? (
            <Button onClick={onLogOut}>{header.logOut}</Button>
          ) : (
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <Button
                ariaLabel={devices.endNamed(deviceLabel(session.device.label, texts))}
                onClick={() => onEnd({ kind: "one", session })}
              >
                {devices.end}
              </Button>
              <Button
                variant="link"
                ariaLabel={notMe.named(deviceLabel(session.device.label, texts))}
                onClick={() => onEnd({ kind: "not-me", session })}
              >
                {notMe.action}
              </Button>
            </SpaceBetween>
          ),
      },
    ],
  };
}
