import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter-parser.js';

const people = {
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

describe('parseFilter', () => {
  it.each([
    ['', true],
    ['$.*', true],
    ['$..*', true],
    ['$', true],
    ["$.type == 'com.example.people:listed'", true],
    ["'com.example.people:listed' == $['type']", true],
    ["$.type != 'com.example.people:listed'", false],
    ['$.data.region =~ "dallas|london|sydney"', true],
    ['$.data.region =~ /LON.*/i', true],
    ['$.data.region =~ /LON.*/', false],
    ['$.data.region =~ "ondo"', true],
    ["not($.data.details[?(@.name =~ 'Ali*')])", false],
    ["not($.data.details[?(@.name =~ '^Zoe')])", true],
    ["$.data.details[?(@.name =~ 'Bo*')]", true],
    ['$.data.details[1].age >= 25', true],
    ['$.data.details[-1].name == "Charlie"', true],
    ['$..details[-2].name == "Alice"', true],
    ['$..details[0,1].name == "Charlie"', false],
    ['$..details[:2].name == "Charlie"', false],
    ['$..details[-2:].name == "Charlie"', true],
    ['$..details[::-2].name == "Alice"', false],
    ['$..details[?(@.age)]', true],
    ['$.data.details[?(@.age < 20)]', false],
    ['$.data.details[?(@.country == "India")].name == "Alice"', true],
    ['$.data.details[0].name == "Bobby" || $.data.location == "London"', true],
    ['$.data.details[1].age > 20 && $.data.company == "IBN"', false],
    ['$.data.a == 1 || $.data.b == 2 && $.data.company == "IBM"', false],
    ['($.data.company == "IBM" || $.data.a == 1) && !($.data.b == 2)', true],
    ["$.data.nowhere != 'x'", false],
    ["not($.data.nowhere == 'x')", true],
    ['!$.data.nowhere', true],
    ['$.data.details[0].id == 1.0e0', true],
    ["$.data['region', \"location\"] == 'London'", true],
    ['$.data[region,location] == "London"', true],
    ["$.data.company > 'IBA'", true],
    ["$.data.company > 1 || $.data.company <= 1 || 'a' < null", false],
    ["$.notification.details[0].name == 'Bob'", true],
    ['$.data.details[?(@.id == 2 && $.data.company == "IBM")]', true],
    ["$.data.region == '\\u006condon'", true],
  ])('%s: %s', (text, expected) => {
    expect(parseFilter(text).matches(people)).toBe(expected);
  });
});
