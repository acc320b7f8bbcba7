import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter-parser.js';

/** As in the documentation of Event Notifications. */
const PEOPLE = {
  type: 'com.example.people:listed',
  data: {
    details: [
      { id: 1, name: 'Bob', age: 30, country: 'China' },
      { id: 2, name: 'Alice', age: 25, country: 'India' },
      { id: 3, name: 'Charlie', age: 35, country: 'USA' },
    ],
    location: 'London',
    company: 'IBM',
    region: 'london',
    severity: 'MEDIUM',
  },
};

/** With the members that older editions and clients read. */
const FINDING = {
  type: 'com.example.finding',
  'notification-type': 'maintenance',
  notification_event_info: { event_type: 'cert_manager' },
  notification: { findings: [{ severity: 'MODERATE' }] },
  data: {
    findings: [{ severity: 'LOW' }, { severity: 'HIGH' }],
    severity: 'LOW',
    event_type: 'secret_about_to_expire',
    event_sub_type: 'in_60_days',
    alert_definition: { name: '[production]' },
    person: { gender: 'female' },
  },
};

/** Expressions that IBM's documentation, SDKs and Terraform examples print, and whether they hold of the two events. */
const DOCUMENTED: readonly (readonly [text: string, ofPeople: boolean, ofFinding: boolean])[] = [
  ['$.*', true, true],
  ["$.notification_event_info.event_type == 'cert_manager'", false, true],
  ["$.notification_event_info.event_type == 'core_cert_manager'", false, false],
  ["$.notification_event_info.event_type == 'test'", false, false],
  ["$.notification.findings[0].severity == 'MODERATE'", false, true],
  ["$.notification.findings[0].severity == 'SEVERE'", false, false],
  ["$.notification.findings[0].severity == 'LOW'", false, false],
  ["$.data.alert_definition.name == '[production]'", false, true],
  ["$.notification-type == 'maintenance'", false, true],
  ["$.data.findings[1].severity == 'HIGH'", false, true],
  ["$.data.severity=='LOW'", false, true],
  ['$.data.location=="London"', true, false],
  ['$.data.details[0].name=="Bob"', true, false],
  ['$.data.details[1].age>=25', true, false],
  ['$.data.details[2].id<4', true, false],
  ['$.data.details[2].name!="unknown"', true, false],
  ['$.data.details[1].age>20 && $.data.company=="IBM"', true, false],
  ['$.data.details[0].name=="Bob" || $.data.location=="New york"', true, false],
  ['$.data.details[0].age<=30  || $.data.details[1].id>=3', true, false],
  ['$.data.details[0].name', true, false],
  ['$.data.details[*].name', true, false],
  ['$.data.details[1].age', true, false],
  ['$..gender', false, true],
  ['$..details[2]', true, false],
  ['$..details[-2]', true, false],
  ['$..details[0,1]', true, false],
  ['$..details[:2]', true, false],
  ['$..details[1:2]', true, false],
  ['$..details[-2:]', true, false],
  ['$..details[1:]', true, false],
  ['$..details[?(@.age)]', true, false],
  ['$.data.details[?(@.age < 30)]', true, false],
  ["$..details[?(@.name =~ 'Bo*')]", true, false],
  ['$..*', true, true],
  ['$.data.event_sub_type == "in_60_days"', false, true],
  ['$.data.event_type == "secret_about_to_expire"', false, true],
  ['$.data.severity == "MEDIUM"', true, false],
  ['$.data.details[1].age >= 25', true, false],
  ['$.data.details[0].name == "Bob"', true, false],
  ['$.data.details[2].name != "unknown"', true, false],
  ['$.data.details[0].name == "Bob" || $.data.location == "New york"', true, false],
  ['$.data.details[1].age > 20 && $.data.company == "IBM"', true, false],
  ['$.data.details[0].age <= 30 || $.data.details[1].id >= 3', true, false],
  ['$.data.details[2].id < 4', true, false],
  ['$.data.location == "London"', true, false],
  ['$.data.region =~ "dallas|london|sydney"', true, false],
  ['$.data.details[?(@.country == "India")].name == "Alice"', true, false],
  ["not($.data.details[?(@.name =~ 'Ali*')])", false, true],
  ["$.data.details[?(@.name =~ 'foo.*?')]", false, false],
];

const BOOKS = {
  store: {
    book: [
      { price: 8, title: 'a', isbn: '1' },
      { price: 12, title: 'b', author: 'x' },
      { price: 9, title: 'c' },
    ],
  },
  key: 'hi@example.com',
  'some.key': 1,
  root: { x: { element: 1 } },
  flag: true,
  list: ['a', 'b', { key: 42 }],
  text: 'four',
  empty: [],
  named: { length: 7 },
};

describe('filters of the documentation', () => {
  it.each(DOCUMENTED)('%s', (text, ofPeople, ofFinding) => {
    expect([parseFilter(text).matches(PEOPLE), parseFilter(text).matches(FINDING)]).toEqual([ofPeople, ofFinding]);
  });
});

describe('filters as other JSONPath engines take them', () => {
  it.each([
    ['$..price', true],
    ['$.store.book[0].title', true],
    ["$['store']['book'][0]['title'] == 'a'", true],
    ['$.store.book[?(@.price < 10)].title == "c"', true],
    ['$..book[?(@.isbn)]', true],
    ['$..[?(@ == true)]', true],
    ["$.[?(@ =~ '.+@example\\\\.com')]", true],
    ["$.['root'].*.['element']", true],
    ["$.['root']['x'].'element' == 1", true],
    ["$.'some.key' == 1", true],
    ["$..'some.key'", true],
    ["$.list[?(!(@.key==42))] == 'b'", true],
    ["$['store']['book'][-1,-3].title == 'a'", true],
    ["$['store']['book'][:-1].title == 'c'", false],
    ["$['store']['book'][2]['author','price','title']", true],
    ['$..[1:4:].price == 9', true],
    ['$..[::-1].price == 12', true],
    ['$.list[2:113667776004].key == 42', true],
    ['$.list.length == 3', true],
    ["$.list['length'] > 2", true],
    ['$.empty.length == 0', true],
    ['$.empty.length', false],
    ['$.named.length == 7', true],
    ['$.text.length', false],
    ['$..length == 7', true],
    ['$..length == 3', false],
    ['$.store.book[?(@.title.length == 1)]', false],
  ])('%s: %s', (text, expected) => {
    expect(parseFilter(text).matches(BOOKS)).toBe(expected);
  });

  it.each([
    ['avg($..price)', 0, 'no functions'],
    ['length($.items[?(@.type == "A")]) > 1', 0, 'no functions'],
    ['$.a == 1 && sum ($.b)', 12, 'no functions'],
    ['$[?(@=="ERROR" && key(@)=="severity")]', 18, 'no functions'],
    ['$.a.length()', 10, 'no functions'],
    ['NOT($.a)', 0, 'small letters'],
    ['$.store.book[(@.length-1)].title', 13, 'no scripts'],
    ['$.store.book[?(@.price * 0 == 0)]', 23, 'no arithmetic'],
    ['$.a + 1 == 2', 4, 'no arithmetic'],
    ['$.a == 1 - 1', 9, 'no arithmetic'],
    ['$.a / 2 > 1', 4, 'no arithmetic'],
    ['$.a == 1 and $.b == 2', 9, '&& or ||'],
    ['$.a OR $.b', 4, '&& or ||'],
    ['$.a & $.b', 4, '&& or ||'],
    ['$[0:3:0]', 6, 'must not be 0'],
    ['$[?()]', 4, 'Expected'],
    ['$..', 3, 'Expected'],
    ['$.store.book[?(@.price = 0)]', 23, '=='],
  ])('%s is refused at %i, and says why', (text, position, reason) => {
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({ position, message: expect.stringContaining(reason) as string }),
    );
  });
});
