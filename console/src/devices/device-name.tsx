import Icon from "@cloudscape-design/components/icon";
import type { ReactNode } from "react";
import type { DeviceView } from "../../../src/api/parts/shapes.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { deviceLabel } from "./device-label.ts";

interface DeviceNameProps {
  readonly device: Pick<DeviceView, "label" | "class">;
}

/** A device: an icon of its kind, and its label in the language of the page. */
export function DeviceName({ device }: DeviceNameProps): ReactNode {
  const texts = useTexts();
  return (
    <span className="device">
      <Icon svg={device.class === "mobile" ? PHONE : SCREEN} ariaLabel={texts.device.classes[device.class]} />
      <span className="outside">{deviceLabel(device.label, texts)}</span>
    </span>
  );
}

/** Drawn on Cloudscape's grid, whose styles give strokes their width and colour. */
const PHONE = (
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" focusable="false">
    <rect x="4" y="1" width="8" height="14" rx="1.5" />
    <path d="M7 12h2" />
  </svg>
);
const SCREEN = (
  <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" focusable="false">
    <rect x="1" y="2" width="14" height="9" rx="1" />
    <path d="M8 11v3M5 14h6" />
  </svg>
);
