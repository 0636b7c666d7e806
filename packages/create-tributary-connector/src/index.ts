export { type ProjectOptions, createProject } from './create-project.js';
export { type ProjectNames, projectNames } from './project-names.js';
export { type ProjectKind, projectKinds } from './templates.js';
export { UsageError } from './usage-error.js';
