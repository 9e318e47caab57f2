import { inOrderOfTime, type Notification } from '../notification/notification.ts';
import { type Density, type FoldFacts, type FoldRow, foldRows } from './fold-rows.ts';

/** What one message of a fold lists: the text of its sections, and the calls in it. */
export interface FoldPage {
  readonly density: Density;
  readonly sections: readonly string[];
  readonly notifications: readonly Notification[];
}

/** There is always a first page. */
export type FoldPages = readonly [FoldPage, ...FoldPage[]];

/** Slack's 3,000, with a little air. */
const SECTION_LENGTH = 2900;
/** Of Slack's 12,000 over all blocks; the rest is for headline, totals and a line about a redirection. */
const PAGE_LENGTH = 10_700;
/** Of Slack's 50. */
const SECTIONS = 40;
/** What a section costs beside its text, should Slack count the JSON rather than the text. */
const SECTION_COST = 90;

interface OpenPage {
  readonly density: Density;
  readonly sections: string[];
  readonly notifications: Notification[];
  length: number;
  group: string | undefined;
}

const openPage = (density: Density): OpenPage => ({
  density,
  sections: [],
  notifications: [],
  length: 0,
  group: undefined,
});

/** Where there is room, each group has a section of its own, which Slack sets apart from the next. */
function needsSection({ density, sections, group }: OpenPage, row: FoldRow, text: string): boolean {
  const last = sections.at(-1);
  if (last === undefined || last.length + text.length + 2 > SECTION_LENGTH) return true;
  return density.kind === 'roomy' && group !== row.group && sections.length < SECTIONS;
}

function append(page: OpenPage, row: FoldRow, text: string): void {
  if (needsSection(page, row, text)) {
    page.sections.push(text);
    page.length += SECTION_COST;
  } else {
    page.sections[page.sections.length - 1] += `${page.group === row.group ? '\n' : '\n\n'}${text}`;
  }
  page.length += text.length + 3;
  page.group = row.group;
  for (const notification of row.notifications) page.notifications.push(notification);
}

const needsHeading = (page: OpenPage, { heading, group }: FoldRow): boolean => heading !== '' && group !== page.group;

/** Fills pages with rows in order. A heading is repeated on each page that has rows of it. */
function fillPages(rows: readonly FoldRow[], density: Density): FoldPages {
  let page = openPage(density);
  const pages: [FoldPage, ...FoldPage[]] = [page];
  for (const row of rows) {
    const needed = row.text.length + (row.group === page.group ? 0 : row.heading.length + 1);
    if (page.length + needed + SECTION_COST > PAGE_LENGTH) {
      page = openPage(density);
      pages.push(page);
    }
    append(page, row, needsHeading(page, row) ? `${row.heading}\n${row.text}` : row.text);
  }
  return pages;
}

/** Rows that are told apart by themselves, where others of their group need those above them. */
const standsAlone = ({ group, heading }: FoldRow): boolean => heading === '' || !group.startsWith('on ');

/**
 * The call that waited longest is in the first message, which comes first after a trouble: its flow, or its row, leads.
 * All else keeps its order.
 */
function oldestFirst(rows: readonly FoldRow[], oldest: Notification | undefined): readonly FoldRow[] {
  const its = rows.find(({ notifications }) => oldest !== undefined && notifications.includes(oldest));
  if (its === undefined) return rows;
  const leads = (row: FoldRow): boolean => (standsAlone(its) ? row === its : row.group === its.group);
  return [...rows.filter(leads), ...rows.filter((row) => !leads(row))];
}

/** The rows, unless they take more room than there is, in whatever order: then the rest need not be written. */
function rowsWithin(rows: Iterable<FoldRow>, maxLength: number): readonly FoldRow[] | undefined {
  const written: FoldRow[] = [];
  let length = 0;
  for (const row of rows) {
    length += row.text.length;
    if (length > maxLength) return undefined;
    written.push(row);
  }
  return written;
}

/** More rows than this never fit one roomy message, so it is not tried. */
const ROOMY_CALLS = 200;

/**
 * So few calls are tried as a roomy message at once. Of more it is asked first whether they are one tight message, since the
 * same rows with links are never shorter: most of the time that spares to write them.
 */
const ROOMY_FIRST = 40;

const ROOMY: Density = { kind: 'roomy', nameLength: 120, whoLength: 120 };

/** Tried one after another until the calls fit. */
const TIGHT: readonly Density[] = [
  { kind: 'tight', nameLength: 120, whoLength: 120 },
  { kind: 'compact', nameLength: 120, whoLength: 80 },
  { kind: 'compact', nameLength: 80, whoLength: 44 },
  { kind: 'compact', nameLength: 60, whoLength: 30 },
  { kind: 'compact', nameLength: 48, whoLength: 24 },
  { kind: 'compact', nameLength: 40, whoLength: 20 },
  { kind: 'compact', nameLength: 32, whoLength: 18 },
  { kind: 'compact', nameLength: 24, whoLength: 16 },
];
const DENSEST: Density = { kind: 'compact', nameLength: 16, whoLength: 14, counting: true };

const mayBeRoomy = ([{ density, notifications }, ...others]: FoldPages): boolean =>
  density.kind === 'tight' && others.length === 0 && notifications.length <= ROOMY_CALLS;

/** The pages at a density, unless they are many more than so many. */
type PagesAt = (density: Density, most: number) => FoldPages | undefined;

function tightPages(pagesAt: PagesAt, maxPages: number): FoldPages {
  for (const density of TIGHT) {
    const pages = pagesAt(density, maxPages);
    if (pages !== undefined && pages.length <= maxPages) return pages;
  }
  return pagesAt(DENSEST, Number.POSITIVE_INFINITY) ?? [openPage(DENSEST)];
}

/** The least dense pages that are at most `maxPages`; the densest there are if none are. */
export function foldPages(notifications: readonly Notification[], facts: FoldFacts, maxPages: number): FoldPages {
  const [oldest] = inOrderOfTime(notifications);
  const pagesAt: PagesAt = (density, most) => {
    const rows = rowsWithin(foldRows(notifications, density, facts), most * PAGE_LENGTH);
    if (rows === undefined) return undefined;
    const pages = fillPages(rows, density);
    return pages.length === 1 ? pages : fillPages(oldestFirst(rows, oldest), density);
  };

  const roomyPage = (): FoldPages | undefined => {
    const roomy = pagesAt(ROOMY, 1);
    return roomy?.length === 1 ? roomy : undefined;
  };

  const isSmall = notifications.length <= ROOMY_FIRST;
  const small = isSmall ? roomyPage() : undefined;
  if (small !== undefined) return small;
  const pages = tightPages(pagesAt, maxPages);
  return (isSmall || !mayBeRoomy(pages) ? undefined : roomyPage()) ?? pages;
}
