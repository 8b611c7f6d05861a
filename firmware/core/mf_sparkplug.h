/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_SPARKPLUG_H
#define MF_SPARKPLUG_H

#include "mf_metric.h"
#include "mf_proto.h"

/* Sparkplug B 3.0 payloads: org.eclipse.tahu.protobuf.Payload, by the field numbers of the
 * specification, chapter 6. */

#define MF_NO_ALIAS UINT64_MAX

/* How one metric stands in a payload. */
struct mf_metric_form
{
  const char                  *name;  /* NULL: by alias alone */
  uint64_t                     alias; /* MF_NO_ALIAS: none */
  uint64_t                     time_ms;
  enum mf_type                 type;
  const union mf_value        *value;      /* NULL: is_null */
  const struct mf_metric_info *properties; /* NULL: none written */
  bool                         with_type;
  bool                         is_historical;
};

void mf_sparkplug_begin (struct mf_writer *writer, uint64_t time_ms);

/* Writes one metric whole, or takes it back and returns false. */
bool mf_sparkplug_metric (struct mf_writer *writer, const struct mf_metric_form *form);

/* Writes the sequence number; a payload ends with it. False: no room. */
bool mf_sparkplug_end (struct mf_writer *writer, uint8_t seq);

/* What room mf_sparkplug_end() needs at most. */
#define MF_SPARKPLUG_END_SIZE 3u

/* One metric of a command, as it came. Text and bytes point into the payload. */
struct mf_command_metric
{
  struct mf_bytes name; /* size 0: none */
  bool            has_alias;
  uint64_t        alias;
  bool            is_null;
  uint32_t        value_field; /* 10..15 of Metric; 0: no value, or one no command can have */
  uint64_t        bits;
  struct mf_bytes text;
};

/* Reads a payload: its timestamp (0 = none), and calls `each` for every metric. False, and nothing
 * called, when it is malformed. */
bool mf_sparkplug_read (struct mf_bytes payload,
                        uint64_t       *time_ms,
                        void (*each) (void *user, const struct mf_command_metric *metric),
                        void *user);

/* Turns the value of a command into one of `type`; integers come in either integer field, floats in
 * either float field. Text is copied to `text` (MF_TEXT_MAX + 1 bytes). False: not of that type. */
bool mf_sparkplug_value (const struct mf_command_metric *metric,
                         enum mf_type                    type,
                         union mf_value                 *value,
                         char                           *text);

/* Reads a host's STATE: {"online": true, "timestamp": 1700000000000}, members in any order, others
 * ignored. */
bool mf_sparkplug_state (struct mf_bytes json, bool *online, uint64_t *time_ms);

#endif
