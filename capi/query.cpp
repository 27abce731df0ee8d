#include "query.hpp"

#include "argument.hpp"
#include "emptor/model/plain.hpp"

namespace emptor::capi {
namespace {

constexpr std::size_t default_limit = 1000;

Where where_in(const Entity& entity, const emptor_query& query) {
  if (query.field == nullptr) return {};
  const Field& field = entity.field(name_in(query.field));
  const auto value = parse_plain(field.type, text_in(query.value, query.value_size));
  if (!value)
    throw Error(Problem{Code::invalid, "the value is no " + std::string(name_of(field.type)), entity.name, field.name,
                        std::nullopt, "write it in plain notation"});
  return value->present() ? Where::equal(field.name, *value) : Where::missing(field.name);
}

}  // namespace

Asked query_in(const Session& session, const Schema& schema, const char* entity, const emptor_query* from) {
  const emptor_query given = options_in(from, emptor_query EMPTOR_QUERY_INIT);
  Asked asked = unlimited_query_in(session, schema, entity, given);
  asked.query.limit = limit_in(given.limit, default_limit);
  return asked;
}

Asked unlimited_query_in(const Session& session, const Schema& schema, const char* entity, const emptor_query& from) {
  const Entity& of = schema.entity(name_in(entity));
  Asked asked;
  Query& query = asked.query;
  query.entity = of.name;
  query.where = where_in(of, from);
  if (from.rule != nullptr) {
    asked.rule = std::make_shared<const Rule>(Rule::parse(of, text_in(from.rule, from.rule_size)));
    query.where = Where::all({std::move(query.where), asked.rule->where(rule_ground(session))});
  }
  query.limit = from.limit;
  query.with_deleted = from.with_deleted != 0;
  if (from.order_by != nullptr) query.order = {{of.field(name_in(from.order_by)).name, from.descending != 0}};
  return asked;
}

}  // namespace emptor::capi
