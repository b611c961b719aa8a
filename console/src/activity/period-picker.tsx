import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import type { ReactNode } from "react";
import { usePreferences } from "../preferences/preferences.tsx";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";
import { useActivityTexts } from "./activity-texts.tsx";
import { LAST_DAY, LAST_WEEK, lengthOf, UNITS, type Period, type Unit } from "./period.ts";

interface PeriodPickerProps {
  readonly period: Period;
  /** The longest that can be chosen. */
  readonly longest: Period;
  readonly onChange: (period: Period) => void;
}

const DAY_MS = 86_400_000;
const OFFERED: readonly Period[] = [{ amount: 1, unit: "hour" }, LAST_DAY, LAST_WEEK];

/** Chooses a period that ends now, or one between two moments. */
export function PeriodPicker({ period, longest, onChange }: PeriodPickerProps): ReactNode {
  const { locale } = usePreferences();
  const texts = useActivityTexts();
  const { activity } = texts;
  return (
    <DateRangePicker
      value={toValue(period)}
      relativeOptions={[...OFFERED, longest].flatMap(toOption)}
      customRelativeRangeUnits={Object.values(UNITS)}
      isValidRange={(value) => validity(value, longest, texts)}
      onChange={({ detail }) => {
        const chosen = fromValue(detail.value);
        if (chosen !== undefined) onChange(chosen);
      }}
      showClearButton={false}
      timeInputFormat="hh:mm"
      absoluteFormat="long-localized"
      hideTimeOffset
      expandToViewport
      locale={locale}
      placeholder={activity.periodHint}
      ariaLabel={activity.period}
      i18nStrings={{
        formatRelativeRange: ({ amount, unit }) => activity.last(amount, unit),
        formatUnit: (unit, amount) => activity.unit(unit, amount),
      }}
    />
  );
}

function toOption(period: Period): DateRangePickerProps.RelativeOption[] {
  if (!("amount" in period)) return [];
  const { amount, unit } = period;
  return [{ key: `${amount}-${unit}`, amount, unit, type: "relative" }];
}

function toValue(period: Period): DateRangePickerProps.Value {
  const [relative] = toOption(period);
  if (relative !== undefined) return relative;
  const { from, to } = period as Extract<Period, { from: string }>;
  return { type: "absolute", startDate: from, endDate: to };
}

/** `undefined` where it is none. */
function fromValue(value: DateRangePickerProps.Value | null): Period | undefined {
  if (value?.type === "relative") {
    const unit: Unit | undefined = Object.values(UNITS).find((one) => one === value.unit);
    return unit === undefined || !(value.amount > 0) ? undefined : { amount: value.amount, unit };
  }
  const [from, to] = [Date.parse(value?.startDate ?? ""), Date.parse(value?.endDate ?? "")];
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function validity(
  value: DateRangePickerProps.Value | null,
  longest: Period,
  { activity }: ActivityTexts,
): DateRangePickerProps.ValidationResult {
  const invalid = (errorMessage: string): DateRangePickerProps.ValidationResult => ({
    valid: false,
    errorMessage,
  });
  const period = fromValue(value);
  if (period === undefined) return invalid(activity.badRange);
  if (lengthOf(period) <= 0) return invalid(activity.backwards);
  if (lengthOf(period) > lengthOf(longest)) return invalid(activity.tooLong(lengthOf(longest) / DAY_MS));
  return { valid: true };
}
