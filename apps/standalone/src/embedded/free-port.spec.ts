import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { claimPort, freePort } from './free-port.js';

it('chooses a port below those of outgoing connections', async () => {
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(10_240);
  expect(port).toBeLessThan(32_768);
});

it('keeps a wanted port that is free', async () => {
  const port = await freePort();
  await expect(claimPort(port, 'EMBEDDED_KAFKA_PORT')).resolves.toBe(port);
});

it('names the port and the variable where the port is in use', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await expect(claimPort(port, 'EMBEDDED_KAFKA_PORT')).rejects.toThrow(
      new RegExp(`^Port ${port} is in use.*set EMBEDDED_KAFKA_PORT`),
    );
  } finally {
    server.close();
  }
});
