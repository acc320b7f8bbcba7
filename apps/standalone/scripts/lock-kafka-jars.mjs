// Writes src/embedded/kafka-jars.json anew: the broker's jars with their checksums, as Maven resolves them now.
// For whoever moves to another Kafka: change the version below, run this with Maven on the PATH, and look at the diff.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

const KAFKA = '4.1.1';
/** The logging front end that this Kafka is built against; the back end has to be of the same version. */
const SLF4J = '1.7.36';

const folder = mkdtempSync(join(tmpdir(), 'tidings-jars-'));
try {
  const dependency = (groupId, artifactId, version) =>
    `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
  writeFileSync(
    join(folder, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion><groupId>tidings</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>${dependency('org.apache.kafka', 'kafka_2.13', KAFKA)}${dependency('org.slf4j', 'slf4j-simple', SLF4J)}</dependencies></project>`,
  );
  const jars = join(folder, 'jars');
  execFileSync(
    'mvn',
    [
      '-B',
      '-q',
      'dependency:copy-dependencies',
      `-DoutputDirectory=${jars}`,
      '-DincludeScope=runtime',
      '-Dmdep.useRepositoryLayout=true',
    ],
    { cwd: folder, stdio: 'inherit' },
  );
  const locked = readdirSync(jars, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jar'))
    .map((entry) => {
      // group/id/as/folders/artifactId/version/file.jar
      const parts = relative(jars, entry.parentPath).split('/');
      const coordinates = [parts.slice(0, -2).join('.'), parts.at(-2), parts.at(-1)].join(':');
      if (entry.name !== `${parts.at(-2)}-${parts.at(-1)}.jar`)
        throw new Error(`${basename(entry.name)} has a classifier`);
      const sha256 = createHash('sha256')
        .update(readFileSync(join(entry.parentPath, entry.name)))
        .digest('hex');
      return { coordinates, sha256 };
    })
    .sort((one, other) => (one.coordinates < other.coordinates ? -1 : 1));
  const target = new URL('../src/embedded/kafka-jars.json', import.meta.url);
  writeFileSync(target, `${JSON.stringify({ kafka: KAFKA, jars: locked }, null, 2)}\n`);
  process.stdout.write(`Locked ${locked.length} jars.\n`);
} finally {
  rmSync(folder, { recursive: true });
}
