import { describe, expect, it } from 'vitest';
import { addDays, atWall, dayName, inZone, span } from './dates';
import { isoWeek } from './week';

describe('a time on the wall', () => {
  it('becomes an instant of its zone, whatever the reader’s', () => {
    expect(atWall('2026-11-28T20:00', 'Europe/Paris')).toBe('2026-11-28T20:00:00+01:00');
    expect(atWall('2026-07-01T20:00', 'Europe/Paris')).toBe('2026-07-01T20:00:00+02:00');
    expect(atWall('2026-11-28T20:00', 'Indian/Reunion')).toBe('2026-11-28T20:00:00+04:00');
    expect(atWall('2026-11-28T20:00', 'America/Cayenne')).toBe('2026-11-28T20:00:00-03:00');
    expect(atWall('2026-11-28T20:00', 'America/Miquelon')).toBe('2026-11-28T20:00:00-03:00');
  });

  it('is the first of two in October, and after the hole in March', () => {
    expect(atWall('2026-10-25T02:30', 'Europe/Paris')).toBe('2026-10-25T02:30:00+02:00');
    expect(atWall('2026-10-25T03:30', 'Europe/Paris')).toBe('2026-10-25T03:30:00+01:00');
    expect(atWall('2026-03-29T02:30', 'Europe/Paris')).toBe('2026-03-29T03:30:00+02:00');
    expect(atWall('2026-03-29T08:00', 'Europe/Paris')).toBe('2026-03-29T08:00:00+02:00');
  });

  it('is shown again as it was read', () => {
    expect(inZone(Date.parse('2026-11-28T19:00:00Z'), 'Europe/Paris')).toBe('2026-11-28T20:00:00+01:00');
  });
});

describe('a date', () => {
  it('is said in the reader’s language', () => {
    expect(dayName('2026-11-28', 'fr')).toBe('samedi 28 novembre 2026');
    expect([dayName('2027-03-01', 'fr'), dayName('2027-03-01', 'fr', 'short'), dayName('2027-03-01', 'fr', 'month')]).toEqual(['lundi 1er mars 2027', 'lun. 1er mars', 'mars 2027']);
    expect(dayName('2026-11-28', 'en')).toMatch(/^Saturday,? 28 November 2026$/);
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  });

  it('is said once for a night, twice for what lasts longer', () => {
    expect(span('2026-11-28T20:00:00+01:00', '2026-11-29T08:00:00+01:00', 'fr')).toBe('sam. 28 nov. 20:00–08:00');
    expect(span('2026-11-28T20:00:00+01:00', '2026-12-05T08:00:00+01:00', 'fr')).toBe('sam. 28 nov. 20:00– sam. 5 déc. 08:00');
  });

  it('belongs to the week of its Thursday', () => {
    expect(['2026-11-28', '2027-01-01', '2027-01-04', '2024-12-30'].map(isoWeek)).toEqual(['2026-W48', '2026-W53', '2027-W01', '2025-W01']);
  });
});
