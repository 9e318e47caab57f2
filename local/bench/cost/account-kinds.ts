/** How an account uses MediaConnect in a month. */
export interface AccountKind {
  readonly name: string;
  /** Calls told at once: changes and denied calls, by the default rules. */
  readonly toldAtOnce: number;
  /** Bursts in which these come: of one call in a quiet account, of many in a busy one. */
  readonly bursts: number;
  /** Reads, told in digests. */
  readonly digested: number;
  /** Part of the bursts that find no warm function. */
  readonly coldPart: number;
}

export const ACCOUNT_KINDS: readonly AccountKind[] = [
  { name: 'idle', toldAtOnce: 0, bursts: 0, digested: 0, coldPart: 0 },
  { name: 'quiet', toldAtOnce: 600, bursts: 500, digested: 3000, coldPart: 0.8 },
  { name: 'busy', toldAtOnce: 20_000, bursts: 10_000, digested: 80_000, coldPart: 0.05 },
  { name: 'flooding', toldAtOnce: 200_000, bursts: 4000, digested: 5_000_000, coldPart: 0.01 },
];

export const callsOf = ({ toldAtOnce, digested }: AccountKind): number => toldAtOnce + digested;
