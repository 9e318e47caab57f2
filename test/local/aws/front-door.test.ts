import { expect, it } from 'vitest';
import { startFrontDoor } from '../../../local/aws/front-door.ts';

it('says in one line that its port is taken', async () => {
  const door = await startFrontDoor({ port: 0 });
  const port = Number(new URL(door.url).port);
  await expect(startFrontDoor({ port })).rejects.toMatchObject({
    name: 'LocalStartError',
    message: `port ${port} is taken; choose another with --aws-port`,
  });
  await door.close();
});
