import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { usePreference } from "../preference/preference.ts";
import { zones } from "../time/format.ts";

const schemes: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: "auto", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Colours, times and row heights; kept in this browser. */
export function Settings() {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [zone, setZone] = usePreference("zone", zones);
  return (
    <details className="cb-menu">
      <summary>View</summary>
      <div className="cb-menu-body">
        <p id="cb-scheme">Colours</p>
        <SegmentedControl
          aria-labelledby="cb-scheme"
          data={[...schemes]}
          value={colorScheme}
          onChange={(value) => setColorScheme(schemes.find((scheme) => scheme.value === value)?.value ?? "auto")}
        />
        <p id="cb-zone">Times</p>
        <SegmentedControl
          aria-labelledby="cb-zone"
          data={[
            { value: "local", label: "Local" },
            { value: "utc", label: "UTC" },
          ]}
          value={zone}
          onChange={(value) => setZone(value === "utc" ? "utc" : "local")}
        />
      </div>
    </details>
  );
}
