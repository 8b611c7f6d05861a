/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker-log"

#include "config.h"

#include <string.h>

#include "muster-broker-files.h"

#define NEW_CLIENT "New client connected from "

/* How lines about the end of a session end, and what that means. "Client X disconnected, not
 * authorised." is not among them: it is about somebody who never had one, whatever client id he
 * gave. */
static const struct
{
  const char *suffix;
  const char *why;
} endings[] = {
  { " disconnected.", "closed" },
  { " closed its connection.", "connection lost" },
  { " has exceeded timeout, disconnecting.", "silent for too long" },
  { " already connected, closing old connection.", "taken over" },
  { " disconnected due to protocol error.", "protocol error" },
  { " disconnected due to malformed packet.", "malformed packet" },
  { " disconnected due to oversize packet.", "oversize packet" },
  { " been disconnected by administrative action.", "removed" },
};

/* The last occurrence: whatever a client id holds, what follows it was written by the broker. */
static const char *
find_last (const char *text, const char *part)
{
  return g_strrstr (text, part);
}

/* "New client connected from ADDRESS as CLIENT_ID (p2, c1, k60, u'USERNAME')." Usernames hold no
 * quotes; addresses no spaces. */
static void
parse_connected (MusterBrokerLogLine *line, const char *text)
{
  const char *id = strstr (text, " as ");
  const char *details = find_last (text, " (p");
  const char *user = find_last (text, ", u'");
  const char *end = find_last (text, "').");

  if (id == NULL || details == NULL || details < id + 4)
    return;
  line->kind = MUSTER_BROKER_LOG_CONNECTED;
  line->address = g_strndup (text, id - text);
  line->client_id = g_strndup (id + 4, details - id - 4);
  if (user != NULL && end != NULL && user > details && end >= user + 4)
    line->username = g_strndup (user + 4, end - user - 4);
}

static gboolean
parse_disconnected (MusterBrokerLogLine *line, const char *text)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (text, endings[i].suffix))
      {
        line->kind = MUSTER_BROKER_LOG_DISCONNECTED;
        line->client_id = g_strndup (text, strlen (text) - strlen (endings[i].suffix));
        line->detail = g_strdup (endings[i].why);
        return TRUE;
      }
  return FALSE;
}

/* "Client CLIENT_ID disconnected: Session taken over." and its like. */
static void
parse_reason (MusterBrokerLogLine *line, const char *text)
{
  const char *reason = find_last (text, " disconnected: ");

  if (reason == NULL)
    return;
  line->kind = MUSTER_BROKER_LOG_DISCONNECTED;
  line->client_id = g_strndup (text, reason - text);
  line->detail = g_strdup (reason + strlen (" disconnected: "));
}

void
muster_broker_log_parse (MusterBrokerLogLine *line, const char *text)
{
  g_return_if_fail (line != NULL && text != NULL);

  *line = (MusterBrokerLogLine){ MUSTER_BROKER_LOG_OTHER };
  if (g_str_has_prefix (text, NEW_CLIENT))
    parse_connected (line, text + strlen (NEW_CLIENT));
  else if (g_str_has_prefix (text, "Client ") &&
           !parse_disconnected (line, text + strlen ("Client ")))
    parse_reason (line, text + strlen ("Client "));
  else if (g_str_has_prefix (text, "Error: "))
    {
      line->kind = MUSTER_BROKER_LOG_ERROR;
      line->detail = g_strchomp (g_strdup (text + strlen ("Error: ")));
    }
}

void
muster_broker_log_clear (MusterBrokerLogLine *line)
{
  g_clear_pointer (&line->client_id, g_free);
  g_clear_pointer (&line->username, g_free);
  g_clear_pointer (&line->address, g_free);
  g_clear_pointer (&line->detail, g_free);
}
