import { costOf, type MeasuredCosts, type Usage, usageOf } from '../cost-model.ts';
import type { TemplateSettings } from '../measuring/template-settings.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { ACCOUNT_KINDS, type AccountKind, callsOf } from './account-kinds.ts';
import { PRICES_OF } from './prices.ts';

const many = (count: number): string => Math.round(count).toLocaleString('en');
const usd = (amount: number): string => amount.toFixed(2);
const sum = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((total, amount) => total + amount, 0);

/** What is paid for calls and not for the stack being there. */
function perHundredThousand(amount: number, idleAmount: number, account: AccountKind): number {
  return ((amount - idleAmount) * 100_000) / callsOf(account);
}

/** Paid for each metric, once it is written at all. */
const METRICS = 'metrics of our own';

const USED: Readonly<Record<string, (usage: Usage) => number>> = {
  'SQS requests': ({ sqsRequests }) => sqsRequests,
  invocations: ({ invocations }) => invocations,
  'GB-seconds': ({ gbSeconds }) => gbSeconds,
  'table writes': ({ tableWrites }) => tableWrites,
  'table reads': ({ tableReads }) => tableReads,
};

/** What a month costs and takes, as Markdown. */
export function costTable(measured: MeasuredCosts, settings: TemplateSettings): string {
  const accounts = ACCOUNT_KINDS.map((account) => {
    const usage = usageOf(account, measured, settings);
    return { account, usage, costs: costOf(account, usage, settings) };
  });
  const totals = accounts.map(({ costs }) => sum(costs));
  const [idle, ...inUse] = accounts;
  if (idle === undefined) return '';
  const moving = inUse.map(({ account, costs }) =>
    usd(perHundredThousand(sum(costs) - (costs[METRICS] ?? 0), sum(idle.costs), account)),
  );
  const names = ACCOUNT_KINDS.map(({ name }) => name);

  return [
    `One region, a month, AWS's list prices in USD without free tiers (${PRICES_OF}; look them up before you rely on them). Computed from the figures of \`npm run bench\` and the default settings by \`local/bench/cost-model.ts\`.`,
    markdownTable(
      ['USD a month', ...names],
      [
        [
          'calls told at once, in bursts',
          ...ACCOUNT_KINDS.map((one) => `${many(one.toldAtOnce)} in ${many(one.bursts)}`),
        ],
        ['reads, told in digests', ...ACCOUNT_KINDS.map(({ digested }) => many(digested))],
        ...Object.keys(idle.costs).map((service) => [
          service,
          ...accounts.map(({ costs }) => usd(costs[service] ?? 0)),
        ]),
        ['**together**', ...totals.map((total) => `**${usd(total)}**`)],
        ['each 100,000 calls like these', '', ...moving],
      ],
    ),
    markdownTable(
      ['used for 100,000 calls', ...inUse.map(({ account }) => account.name)],
      Object.entries(USED).map(([what, of]) => [
        what,
        ...inUse.map(({ account, usage }) => many(perHundredThousand(of(usage), of(idle.usage), account))),
      ]),
    ),
    "AWS's own events, rules and deliveries to queues are free. A trail is not counted: the account's first copy of management events is free, a second one is 2.00 for each 100,000 events of the account.",
  ].join('\n\n');
}
