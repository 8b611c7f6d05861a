/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-frame"

#include "config.h"

#include "muster-api-frame.h"
#include "muster-api-json.h"
#include "muster-api-response.h"

#include "model/muster-error.h"

static const struct
{
  const char        *op;
  MusterApiFrameKind kind;
} kinds[] = {
  { "event", MUSTER_API_FRAME_EVENT },   { "subscribed", MUSTER_API_FRAME_SUBSCRIBED },
  { "lagged", MUSTER_API_FRAME_LAGGED }, { "error", MUSTER_API_FRAME_ERROR },
  { "pong", MUSTER_API_FRAME_PONG },
};

static MusterApiFrameKind
find_kind (const char *op)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].op, op))
      return kinds[i].kind;
  return MUSTER_API_FRAME_UNKNOWN;
}

/* NULL, or what the frame lacks. */
static const char *
find_lack (const MusterApiFrame *frame)
{
  gboolean of_subscription = frame->kind == MUSTER_API_FRAME_EVENT ||
                             frame->kind == MUSTER_API_FRAME_SUBSCRIBED ||
                             frame->kind == MUSTER_API_FRAME_LAGGED;

  if (of_subscription && frame->id == NULL)
    return "id";
  if (frame->kind == MUSTER_API_FRAME_EVENT && frame->topic == NULL)
    return "topic";
  if (frame->kind == MUSTER_API_FRAME_EVENT && frame->data == NULL)
    return "data";
  if (frame->kind == MUSTER_API_FRAME_ERROR && frame->data == NULL)
    return "problem";
  return NULL;
}

static const char *
muster_api_frame_read (MusterApiFrame *self)
{
  JsonObject *object;
  const char *op;

  if (!JSON_NODE_HOLDS_OBJECT (self->root))
    return "object";
  object = json_node_get_object (self->root);
  op = muster_api_json_get_string (object, "op");
  if (op == NULL)
    return "op";
  self->kind = find_kind (op);
  self->id = muster_api_json_get_string (object, "id");
  self->topic = muster_api_json_get_string (object, "topic");
  self->subject = muster_api_json_get_string (object, "subject");
  self->sequence = muster_api_json_get_integer (object, "sequence", 0);
  self->dropped = muster_api_json_get_integer (object, "dropped", 0);
  self->data =
    muster_api_json_get_object (object, self->kind == MUSTER_API_FRAME_ERROR ? "problem" : "data");
  return find_lack (self);
}

MusterApiFrame *
muster_api_frame_parse (GBytes *text, GError **error)
{
  g_autoptr (MusterApiFrame) self = g_new0 (MusterApiFrame, 1);
  const char *lack;

  self->root = muster_api_parse_json (text, "a frame of the live stream", error);
  if (self->root == NULL)
    return NULL;
  lack = muster_api_frame_read (self);
  if (lack == NULL)
    return g_steal_pointer (&self);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "a frame of the live stream has no “%s”",
               lack);
  return NULL;
}

void
muster_api_frame_free (MusterApiFrame *self)
{
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self);
}
