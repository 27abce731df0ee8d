/// Workflows: which states a record goes through and who may move it, as data.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct Workflow {
  EMPTOR_ENTITY(Workflow, "workflow", 78, "the states that cases, repairs or other records go through")
  std::string name;
  EMPTOR_FIELD(name, "name of the workflow", required)
  std::string entity;
  EMPTOR_FIELD(entity, "entity of the records that follow it", required)
  std::string description;
  EMPTOR_FIELD(description, "what it is for")
  std::optional<bool> standard;
  EMPTOR_FIELD(standard, "used where a record names none")
  std::optional<bool> active;
  EMPTOR_FIELD(active, "new records may use it")
};

struct WorkflowState {
  EMPTOR_ENTITY(WorkflowState, "workflow_state", 79, "one state of a workflow")
  Id workflow_id;
  EMPTOR_FIELD(workflow_id, "the workflow", required | refers_to("workflow"))
  std::string name;
  EMPTOR_FIELD(name, "name, as records carry it in `state`", required)
  std::optional<std::int64_t> position;
  EMPTOR_FIELD(position, "place in lists, from 1")
  std::string kind;
  EMPTOR_FIELD(kind, "what being in it means; waiting stops the clock of a service level",
               one_of("first|working|waiting|resolved|closed"))
  Id team_id;
  EMPTOR_FIELD(team_id, "the team whose turn it is", refers_to("team"))
  std::optional<std::int64_t> expected_minutes;
  EMPTOR_FIELD(expected_minutes, "working minutes that it takes as a rule")
};

struct WorkflowTransition {
  EMPTOR_ENTITY(WorkflowTransition, "workflow_transition", 100, "a step from one state of a workflow to another")
  Id workflow_id;
  EMPTOR_FIELD(workflow_id, "the workflow", required | refers_to("workflow"))
  std::string name;
  EMPTOR_FIELD(name, "what is done (\"accept\", \"dispatch\", \"confirm\")", required)
  Id from_id;
  EMPTOR_FIELD(from_id, "the state before; missing is any", refers_to("workflow_state"))
  Id to_id;
  EMPTOR_FIELD(to_id, "the state after", required | refers_to("workflow_state"))
  Id role_id;
  EMPTOR_FIELD(role_id, "the role that may do it; missing is all", refers_to("role"))
  std::string condition;
  EMPTOR_FIELD(condition, "what must be true of the record, as a rule")
  std::string needs;
  EMPTOR_FIELD(needs, "names of fields that must be filled, separated by commas")
};

}  // namespace emptor
