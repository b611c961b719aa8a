import PropertyFilter from "@cloudscape-design/components/property-filter";
import type { ReactNode } from "react";
import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import { useActivityTexts } from "./activity-texts.tsx";
import { filteringOptions, filteringProperties, fromQuery, toQuery } from "./filter-tokens.ts";
import { longestOf, type ActivityFilter } from "./filter.ts";
import { PeriodPicker } from "./period-picker.tsx";

interface ActivityFilterBarProps {
  readonly filter: ActivityFilter;
  /** Whose users are offered to look for. */
  readonly shown: readonly ActivityView[];
  readonly onChange: (filter: ActivityFilter) => void;
}

/** Looks for users, kinds, reasons and sessions, and in which period. */
export function ActivityFilterBar({ filter, shown, onChange }: ActivityFilterBarProps): ReactNode {
  const texts = useActivityTexts();
  const { activity } = texts;
  const userIds = [...new Set(shown.flatMap(({ userId }) => userId ?? []))];
  return (
    <div className="filters">
      <PropertyFilter
        query={toQuery(filter)}
        onChange={({ detail }) => onChange({ ...fromQuery(detail), period: filter.period })}
        filteringProperties={filteringProperties(texts)}
        filteringOptions={filteringOptions(texts, userIds)}
        // No operator that could be typed: a user id may begin with any of them.
        freeTextFiltering={{ operators: [], defaultOperator: "=" }}
        hideOperations
        filteringAriaLabel={activity.filter}
        filteringPlaceholder={activity.filterHint}
        filteringConstraintText={activity.filterNote}
        expandToViewport
        i18nStrings={{ enteredTextLabel: (text) => `${activity.user}: ${text}` }}
      />
      <PeriodPicker
        period={filter.period}
        longest={longestOf(filter)}
        onChange={(period) => onChange({ ...filter, period })}
      />
    </div>
  );
}
