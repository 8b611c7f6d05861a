/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_NODE_PRIVATE_H
#define MF_NODE_PRIVATE_H

#include "mf_node.h"

/* What mf_node.c (the life of a session), mf_node_data.c (what it says) and mf_node_command.c (what
 * it is told) share. */

enum mf_control
{
  MF_CONTROL_REBIRTH,
  MF_CONTROL_REBOOT,
  MF_CONTROL_IDENTIFY,
  MF_CONTROL_RELEASE,
};
#define MF_N_CONTROLS 4u

extern const char *const mf_control_names[MF_N_CONTROLS];

uint64_t mf_node_now (const struct mf_node *self);

/* Topics; they always fit: every part of the credentials is bounded. */
void mf_node_topic (const struct mf_node *self, const char *kind, char topic[MF_TOPIC_MAX]);
void mf_node_state_topic (const struct mf_node *self, char topic[MF_TOPIC_MAX]);

/* Reads the metric from its sensor; returns whether it changed. */
bool mf_node_read (struct mf_node *self, uint16_t index);
/* Reads it when it is due, and marks or keeps what changed. */
void mf_node_sample (struct mf_node *self, uint16_t index, uint64_t now);
/* Puts the metric's sample in the ring. */
void mf_node_keep (struct mf_node *self, uint16_t index);

/* The payload of the will and of NDEATH, made in `buffer`. */
struct mf_bytes mf_node_death (struct mf_node *self, uint8_t *buffer, size_t size);

void mf_node_publish_death (struct mf_node *self);
/* False: no room for it, or the transport took nothing. */
bool mf_node_publish_birth (struct mf_node *self);
void mf_node_publish_control (struct mf_node *self, enum mf_control control, bool value);
void mf_node_publish_dirty (struct mf_node *self);
/* One message of the oldest kept samples. */
void mf_node_publish_kept (struct mf_node *self);

/* An order for an update, while the metrics of its NCMD are read. */
struct mf_update_command
{
  struct mf_update_order order;
  char                   action[12];
  bool                   came;
  bool                   has_hash;
  bool                   broken; /* a member was unknown, or not what it has to be */
};

/* Takes over a metric that belongs to such an order; false: it does not. */
bool mf_node_update_member (struct mf_update_command       *command,
                            const struct mf_command_metric *metric);
/* Does what was ordered. False: it was no order, or not the time for it. */
bool mf_node_update_act (struct mf_node *self, struct mf_update_command *command);
/* What is said of an update. */
struct mf_update_report
{
  const char          *id;
  const char          *error;
  enum mf_update_state state;
  uint8_t              progress;
  uint32_t             security_counter;
  unsigned             slot;
  uint32_t             fetched;
  uint32_t             index_blocks; /* that there is memory for; 0: it takes files whole */
};

bool mf_node_write_report (struct mf_writer              *writer,
                           const struct mf_update_report *report,
                           uint64_t                       time_ms);
/* Of births: how large an image it takes, in bytes; 0: that is not known, and not said. */
bool mf_node_write_space (struct mf_writer *writer, uint32_t space, uint64_t time_ms);
bool mf_node_write_update (struct mf_node *self, struct mf_writer *writer, uint64_t time_ms);

void mf_node_command (struct mf_node *self, struct mf_bytes payload);

/* --- mf_node_safe.c: what outputs do without a host --- */

/* As the tables have it, or as it was told. */
void mf_node_load_safe (struct mf_node *self);
/* Outputs whose time has come go to what is safe. Returns in how many milliseconds to look again.
 */
uint32_t mf_node_fall_back (struct mf_node *self, uint64_t now);
/* Sets what `metric` names, and tells the host what now holds. False: it names nothing of this. */
bool mf_node_set_safe (struct mf_node *self, const struct mf_command_metric *metric);

/* The metric that says after how many seconds an output falls back stands beside the output's, by
 * its name and "/Safe After"; a node writes it for itself, a gateway for its unit. */
bool mf_node_write_safe (struct mf_writer *writer,
                         const char       *output,
                         uint32_t          seconds,
                         uint64_t          time_ms);
bool mf_node_is_safe (const struct mf_command_metric *metric, const char *output);
/* False: it is no number of seconds, or too many. */
bool mf_node_read_safe (const struct mf_command_metric *metric, uint32_t *seconds);

/* Starts a payload of the node's own, and publishes it. */
void mf_node_begin (struct mf_node *self, struct mf_writer *writer, uint64_t now);
bool mf_node_finish (struct mf_node *self, struct mf_writer *writer, const char *kind);
void mf_node_identify (struct mf_node *self, bool on);

#endif
