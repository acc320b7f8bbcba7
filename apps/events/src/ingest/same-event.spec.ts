import { describe, expect, it } from 'vitest';
import { differences, isSameEvent, type Body } from './same-event.js';

const body: Body = { id: '1', isArrivalTime: false, type: 'com.example.a', subject: 's', data: '{"a":1,"b":[1,2]}' };

describe('isSameEvent', () => {
  it.each([
    ['the same text', '{"a":1,"b":[1,2]}'],
    ['another order of keys', '{"b":[1,2],"a":1}'],
    ['other white space', '{ "a": 1, "b": [ 1, 2 ] }'],
    ['the same number written otherwise', '{"a":1.0,"b":[1,2e0]}'],
  ])('takes %s for the same', (_, data) => {
    expect(isSameEvent(body, { ...body, data })).toBe(true);
  });

  it.each([
    ['another order in a list', '{"a":1,"b":[2,1]}'],
    ['one key more', '{"a":1,"b":[1,2],"c":null}'],
    ['text for a number', '{"a":"1","b":[1,2]}'],
  ])('takes %s for another event', (_, data) => {
    expect(isSameEvent(body, { ...body, data })).toBe(false);
    expect(differences(body, { ...body, data })).toEqual(['data']);
  });

  it('tells numbers apart that one double would stand for', () => {
    const one = { ...body, data: '{"n":9007199254740993}' };
    const other = { ...body, data: '{"n":9007199254740992}' };
    expect(isSameEvent(one, other)).toBe(false);
  });

  it.each([['type'], ['subject']] as const)('counts the %s', (field) => {
    expect(isSameEvent(body, { ...body, [field]: 'other' })).toBe(false);
    expect(differences(body, { ...body, [field]: 'other' })).toEqual([field]);
  });

  it('counts the time, which the uuid holds', () => {
    expect(differences(body, { ...body, id: '2' })).toEqual(['time']);
  });

  it('does not count the time of arrival of an event whose producer gave none', () => {
    expect(isSameEvent(body, { ...body, id: '2', isArrivalTime: true })).toBe(true);
  });
});
