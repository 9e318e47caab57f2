import { buildApp } from 'fauxqs';

/**
 * What fauxqs is made of. Its `startFauxqs` listens on all interfaces, which nothing here may do; its `buildApp` does
 * not listen, but takes the stores from outside, and their classes are not among its exports. So they are loaded from
 * beside its entry point. The version is pinned; should its insides move, `loadFauxqs` says so at start.
 */
type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SqsQueue = NonNullable<ReturnType<SqsStore['getQueueByName']>>;
export type FauxqsApp = ReturnType<typeof buildApp>;
type MessageSpy = NonNullable<SqsStore['spy']>;
type Persistence = NonNullable<SqsStore['persistence']>;

/** One message that entered a queue, left it, or was moved to its dead-letter queue. */
export interface QueueChange {
  readonly queueName: string;
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;
  readonly status: 'published' | 'consumed' | 'dlq';
}

export interface Fauxqs {
  readonly app: FauxqsApp;
  readonly store: SqsStore;
}

const load = async (path: string, name: string): Promise<new (...args: readonly unknown[]) => unknown> => {
  const module: Record<string, unknown> = await import(new URL(path, import.meta.resolve('fauxqs')).href);
  const found = module[name];
  if (typeof found !== 'function')
    throw new Error(`fauxqs has no ${name} in ${path}; its version is not the pinned one`);
  return found as new (
    ...args: readonly unknown[]
  ) => unknown;
};

/** Makes SQS's stand-in without a port of its own. With `dataDir` its messages are kept in SQLite. */
export async function loadFauxqs(options: {
  readonly region: string;
  readonly dataDir: string | undefined;
  readonly onChange: (change: QueueChange) => void;
}): Promise<Fauxqs> {
  const [SqsStoreClass, SnsStoreClass, S3StoreClass, PersistenceClass] = await Promise.all([
    load('./sqs/sqsStore.js', 'SqsStore'),
    load('./sns/snsStore.js', 'SnsStore'),
    load('./s3/s3Store.js', 'S3Store'),
    load('./persistence.js', 'PersistenceManager'),
  ]);
  const stores = {
    sqsStore: new SqsStoreClass(),
    snsStore: new SnsStoreClass(),
    s3Store: new S3StoreClass(),
  } as Stores;
  const store = stores.sqsStore;
  // Queue URLs then have the host that was asked: the gateway's.
  store.host = '';
  const persistence =
    options.dataDir === undefined ? undefined : (new PersistenceClass(options.dataDir) as Persistence);
  if (persistence !== undefined) {
    persistence.loadSqsAndSns(store, stores.snsStore);
    store.persistence = persistence;
    for (const queue of store.allQueues()) queue.persistence = persistence;
  }
  // Only this method of the spy is called by the queues.
  const spy = { addMessage: options.onChange } as unknown as MessageSpy;
  store.spy = spy;
  for (const queue of store.allQueues()) queue.spy = spy;

  const app = buildApp({ logger: false, defaultRegion: options.region, stores });
  app.addHook('preClose', async () => persistence?.close());
  await app.ready();
  return { app, store };
}
