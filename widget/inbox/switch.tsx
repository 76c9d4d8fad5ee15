/** Something that is on or off. */

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  onTurn(): void;
}

export function Switch({ label, isOn, onTurn }: SwitchProps) {
  return (
    <button type="button" role="switch" class="switch" aria-checked={isOn} onClick={onTurn}>
      {label}
      <span class="knob" />
    </button>
  );
}
