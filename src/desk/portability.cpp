#include "emptor/desk/portability.hpp"

#include <algorithm>
#include <map>

#include "desk/customer_document.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "model/next_schema.hpp"

namespace emptor {
namespace {

using desk::CustomerDocument;
using RecordKey = std::pair<EntityNumber, Id>;

/// A document on its way into a store.
class Taking {
 public:
  Taking(Session& session, const CustomerDocument& document) : session_(session), document_(document) {}

  Receipt run(const ApplyOptions& options) {
    if (document_.currency != session_.view().info().currency.code())
      throw Error(Code::invalid, "the document is of a store with another base currency",
                  "take it into a store of that currency");
    schema_ = with_fields(options.dry_run);
    records_ = document_.records(schema_);
    const View view = session_.view();
    find_known(view);
    do number();
    while (drop_incomplete() != 0);
    ChangeSet set;
    for (const Record& record : records_) put(set, record, view.schema().entity(record.entity().name));
    return session_.apply(set, options);
  }

 private:
  // A schema that has the custom fields. Where all is only tried, the store's does not get them.
  SchemaPtr with_fields(bool dry_run) {
    SchemaPtr schema = session_.view().schema_pointer();
    for (const CustomField& field : document_.custom_fields) {
      const Entity* const entity = schema->find(field.entity);
      if (entity == nullptr)
        throw Error(Code::invalid, "the document has a custom field of an unknown entity",
                    "use a program as new as the one that wrote it");
      if (entity->find(field.name) != nullptr) continue;
      if (!dry_run) session_.define_field(field);
      schema = dry_run ? extended(*schema, schema->custom(field)) : session_.view().schema_pointer();
    }
    return schema;
  }

  // Products and the like that the store knows by their identities are those of the store.
  void find_known(const View& view) {
    for (Record& record : records_) {
      if (record.entity().number != Identity::entity_number) continue;
      const Identity identity = record.as<Identity>();
      const Entity* of = schema_->find(identity.entity);
      if (of == nullptr || !desk::is_carried(*of)) continue;
      if (const auto known = view.find(identity.entity, identity.system, identity.external_id))
        known_.emplace(RecordKey(of->number, identity.record_id), known->id());
    }
    std::erase_if(records_, [&](const Record& record) {
      if (record.entity().number != Identity::entity_number)
        return known_.contains({record.entity().number, record.id()});
      const Entity* of = schema_->find(record.get("entity").text());
      return of != nullptr && known_.contains({of->number, record.get("record_id").id()});
    });
  }

  // Changes of a set stand for their records by their places.
  void number() {
    places_ = known_;
    for (std::size_t i = 0; i < records_.size(); ++i)
      places_.emplace(RecordKey(records_[i].entity().number, records_[i].id()), Id{-static_cast<std::int64_t>(i) - 1});
    if (places_.size() != known_.size() + records_.size())
      throw Error(Code::invalid, "the document holds a record twice", "give what export_customer wrote");
  }

  // Records that cannot be without one that is not here.
  std::size_t drop_incomplete() {
    return std::erase_if(records_, [&](const Record& record) {
      return std::ranges::any_of(record.entity().fields, [&](const Field& field) {
        return field.type == Type::id && field.number >= system_field::count && field.has(field_flag::required) &&
               record[field.number].present() && !place_of(record, field);
      });
    });
  }

  // `kept`: the entity as the store has it.
  void put(ChangeSet& set, const Record& record, const Entity& kept) const {
    ChangeSet::Put put = set.put(kept.name);
    for (const Field& field : kept.fields) {
      if (!desk::is_given(field) || !record[field.number].present()) continue;
      if (field.type != Type::id) {
        put.set(field.name, record[field.number]);
      } else if (const auto place = place_of(record, field)) {
        put.set(field.name, Value(*place));
      }
    }
  }

  std::optional<Id> place_of(const Record& record, const Field& field) const {
    const bool any = field.reference == "*";
    const Entity* target = schema_->find(any ? record.get("entity").text() : std::string_view(field.reference));
    const auto found = target == nullptr ? places_.end() : places_.find({target->number, record[field.number].id()});
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }

  Session& session_;
  const CustomerDocument& document_;
  SchemaPtr schema_;
  std::vector<Record> records_;
  std::map<RecordKey, Id> known_;   ///< what the store has already
  std::map<RecordKey, Id> places_;  ///< what stands for each record of the document
};

// Nothing is read for an actor who may not import: not even whether there is such a folder.
template <class Read>
Receipt take(Session& session, const Read& read, const ApplyOptions& options) {
  const Purpose purpose(session, Action::import_records, Customer::entity_name);
  const CustomerDocument document = read();
  return Taking(session, document).run(options);
}

}  // namespace

std::string export_customer(const View& view, Id customer, const PortabilityOptions& options) {
  return desk::to_customer_json(view.schema(), desk::Belongings(view, customer), view.info().currency.code(), customer,
                                options.with_deleted);
}

std::uint64_t export_customer_csv(const View& view, Id customer, const SinkOfEntity& sink_of,
                                  const PortabilityOptions& options) {
  return desk::write_customer_csv(view.schema(), desk::Belongings(view, customer), view.info().currency.code(),
                                  customer, options.with_deleted, sink_of);
}

Receipt import_customer(Session& session, std::string_view document, const ApplyOptions& options) {
  return take(
      session, [&] { return desk::from_customer_json(document); }, options);
}

Receipt import_customer_csv(Session& session, const std::string& folder, const ApplyOptions& options) {
  return take(
      session, [&] { return desk::read_customer_csv(folder); }, options);
}

}  // namespace emptor
