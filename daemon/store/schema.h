#pragma once
// The format of the store's file, versioned by PRAGMA user_version.
//
//   meta        key, value                   store_id
//   sources     one row a source             SourceState
//   items       one row an item              StoredItem; `row` rises in the order of first sight; last_seen in microseconds;
//                                            from format 2 on with its ItemNotes
//   streams     one row a stream             StreamState; three Positions of id, n and bytes
//   outbox      one row a stream entry       OutboxRow; (stream, ms, seq) is its ID; fields and checksum by store/fields.h
//   deliveries  one row an alert and hook    model::Delivery
//
// Times are microseconds since 1970 UTC. A change of format adds a step to the list in schema.cc: files of every older
// version are brought up to date in one transaction at the start; files of a newer one are refused.

namespace tidings::store {

class Database;

// Sets the connection up for writing and brings the schema up to date. Throws SqlFailure: Errc::invalid for a newer format.
void prepare_schema(Database& database);
int schema_version();

}  // namespace tidings::store
