import { describe, expect, it } from 'vitest';
import { defaultPackageName, projectNames } from './project-names.js';
import { UsageError } from './usage-error.js';

describe('defaultPackageName', () => {
  it.each([
    ['weather', 'tributary-connector-weather'],
    ['tributary-connector-weather', 'tributary-connector-weather'],
    ['My Weather!', 'tributary-connector-my-weather'],
    ['Météo', 'tributary-connector-meteo'],
  ])('of the directory %s', (directory, name) => {
    expect(defaultPackageName(directory)).toBe(name);
  });
});

describe('projectNames', () => {
  it.each([
    ['tributary-connector-weather', 'weather', 'weather', 'Weather'],
    ['@acme/tributary-connector-my-source', 'my-source', 'mySource', 'MySource'],
    ['@acme/open_data.v2', 'open-data-v2', 'openDataV2', 'OpenDataV2'],
  ])('of %s', (packageName, connectorName, identifier, typeName) => {
    expect(projectNames(packageName)).toEqual({ packageName, connectorName, identifier, typeName });
  });

  it.each([
    ['a capital', 'Weather', /no package name/],
    ['nothing', '', /no package name/],
    ['a blank', 'my weather', /no package name/],
    ['a path', '../weather', /no package name/],
    ['a second slash', '@acme/x/y', /no package name/],
    ['a quote', "x'y", /no package name/],
    ['our scope', '@tributary/connector-weather', /@tributary/],
    ['nothing after the prefix', 'tributary-connector-', /leaves no name/],
    ['a digit after the prefix', 'tributary-connector-3d', /leaves no name/],
    ['too much', `tributary-connector-${'x'.repeat(200)}`, /longer than/],
  ])('refuses %s', (_, packageName, message) => {
    expect(() => projectNames(packageName)).toThrow(UsageError);
    expect(() => projectNames(packageName)).toThrow(message);
  });
});
