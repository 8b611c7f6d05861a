/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_node_private.h"
#include "mf_text.h"

/* An update as Sparkplug has it: what the node says of it, and the order for one, which is the
 * metrics of one NCMD together. All by name: they have no aliases. */

#define N_REPORTED 8u

static const char prefix[] = "Update/";

bool
mf_node_write_report (struct mf_writer              *writer,
                      const struct mf_update_report *report,
                      uint64_t                       time_ms)
{
  static const char *const  names[N_REPORTED] = { "Update/Id",
                                                  "Update/State",
                                                  "Update/Progress",
                                                  "Update/Error",
                                                  "Update/Security Counter",
                                                  "Update/Slot",
                                                  "Update/Fetched",
                                                  "Update/Index Blocks" };
  static const enum mf_type types[N_REPORTED] = { MF_TYPE_STRING, MF_TYPE_STRING, MF_TYPE_UINT8,
                                                  MF_TYPE_STRING, MF_TYPE_UINT32, MF_TYPE_STRING,
                                                  MF_TYPE_UINT32, MF_TYPE_UINT32 };
  union mf_value            values[N_REPORTED];
  unsigned                  at;
  bool                      fits = true;

  values[0].s = report->id;
  values[1].s = mf_update_state_name (report->state);
  values[2].u = report->progress;
  values[3].s = report->error;
  values[4].u = report->security_counter;
  values[5].s = report->slot == 0 ? "a" : "b";
  values[6].u = report->fetched;
  values[7].u = report->index_blocks;
  for (at = 0; at < N_REPORTED && fits; at++)
    {
      struct mf_metric_form form = { names[at],   MF_NO_ALIAS, time_ms, types[at],
                                     &values[at], NULL,        true,    false };

      fits = mf_sparkplug_metric (writer, &form);
    }
  return fits;
}

bool
mf_node_write_space (struct mf_writer *writer, uint32_t space, uint64_t time_ms)
{
  static const struct mf_metric_info info = { .name = "Properties/Image Space",
                                              .type = MF_TYPE_UINT32,
                                              .unit = "B" };
  union mf_value                     value = { .u = space };
  struct mf_metric_form              form = { info.name, MF_NO_ALIAS, time_ms, info.type,
                                              &value,    &info,       true,    false };

  return space == 0 || mf_sparkplug_metric (writer, &form);
}

bool
mf_node_write_update (struct mf_node *self, struct mf_writer *writer, uint64_t time_ms)
{
  const struct mf_update       *update = self->update;
  const struct mf_update_report report = { update->order.id,
                                           update->error,
                                           update->state,
                                           mf_update_progress (update),
                                           update->boot->security_counter,
                                           update->running,
                                           update->fetched,
                                           update->delta.capacity };

  return mf_node_write_report (writer, &report, time_ms);
}

static bool
is_member (const struct mf_command_metric *metric, const char *name)
{
  size_t size = sizeof prefix - 1;

  return metric->name.size == size + strlen (name) &&
         memcmp (metric->name.data + size, name, strlen (name)) == 0;
}

static bool
set_text (char *out, size_t size, const struct mf_command_metric *metric)
{
  return mf_text_copy (out, size, metric->text);
}

static bool
set_number (uint32_t *out, const struct mf_command_metric *metric)
{
  union mf_value value;

  if (!mf_sparkplug_value (metric, MF_TYPE_UINT32, &value, NULL) || value.u > UINT32_MAX)
    return false;
  *out = (uint32_t)value.u;
  return true;
}

static int
hex_digit (uint8_t c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  c = (uint8_t)(c | 0x20u);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
set_hash (uint8_t *out, const struct mf_command_metric *metric)
{
  unsigned at;

  if (metric->text.size != 2 * MF_SHA256_SIZE)
    return false;
  for (at = 0; at < MF_SHA256_SIZE; at++)
    {
      int high = hex_digit (metric->text.data[2 * at]),
          low = hex_digit (metric->text.data[2 * at + 1]);

      if (high < 0 || low < 0)
        return false;
      out[at] = (uint8_t)(high << 4 | low);
    }
  return true;
}

bool
mf_node_update_member (struct mf_update_command *command, const struct mf_command_metric *metric)
{
  struct mf_update_order *order = &command->order;
  bool                    good = false;

  if (metric->name.size < sizeof prefix - 1 ||
      memcmp (metric->name.data, prefix, sizeof prefix - 1) != 0)
    return false;
  if (is_member (metric, "Action"))
    good = set_text (command->action, sizeof command->action, metric);
  else if (is_member (metric, "Id"))
    good = set_text (order->id, sizeof order->id, metric);
  else if (is_member (metric, "URL"))
    good = set_text (order->url, sizeof order->url, metric);
  else if (is_member (metric, "Version"))
    good = set_text (order->version, sizeof order->version, metric);
  else if (is_member (metric, "Size"))
    good = set_number (&order->size, metric);
  else if (is_member (metric, "Index Size"))
    good = set_number (&order->index_size, metric);
  else if (is_member (metric, "Confirm Within"))
    good = set_number (&order->confirm_within_s, metric);
  else if (is_member (metric, "SHA-256"))
    good = command->has_hash = set_hash (order->sha256, metric);
  command->came = true;
  command->broken |= !good;
  return true;
}

bool
mf_node_update_act (struct mf_node *self, struct mf_update_command *command)
{
  struct mf_update_order *order = &command->order;

  if (self->update == NULL || command->broken || order->id[0] == '\0')
    return false;
  if (strcmp (command->action, "activate") == 0)
    return mf_update_activate (self->update, order->id);
  if (strcmp (command->action, "cancel") == 0)
    return mf_update_cancel (self->update, order->id);
  order->hold = strcmp (command->action, "download") == 0;
  if (!order->hold && strcmp (command->action, "install") != 0)
    return false;
  return command->has_hash && order->url[0] != '\0' && mf_update_begin (self->update, order);
}

/* What keeps a new image from being confirmed; NULL: nothing. */
static const char *
find_trouble (const struct mf_node *self)
{
  const struct mf_port_ops *ops = self->port->ops;

  if (self->state != MF_NODE_ONLINE)
    return "it did not connect in time";
  return ops->self_test != NULL ? ops->self_test (self->port->user) : NULL;
}

uint32_t
mf_node_step_update (struct mf_node *self)
{
  struct mf_update *update = self->update;
  uint32_t          wait = mf_update_step (update, find_trouble (self));

  if (mf_update_is_due (update))
    mf_node_report_update (self);
  if (update->wants_reset)
    {
      update->wants_reset = false;
      mf_node_stop (self);
      self->port->ops->reset (self->port->user, MF_RESET_COMMAND);
    }
  return wait;
}
