/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-topic"

#include "config.h"

#include <string.h>

#include "muster-sparkplug-topic.h"

static const char *const messages[] = {
  [MUSTER_SPARKPLUG_NBIRTH] = "NBIRTH", [MUSTER_SPARKPLUG_NDEATH] = "NDEATH",
  [MUSTER_SPARKPLUG_NDATA] = "NDATA",   [MUSTER_SPARKPLUG_NCMD] = "NCMD",
  [MUSTER_SPARKPLUG_DBIRTH] = "DBIRTH", [MUSTER_SPARKPLUG_DDEATH] = "DDEATH",
  [MUSTER_SPARKPLUG_DDATA] = "DDATA",   [MUSTER_SPARKPLUG_DCMD] = "DCMD",
  [MUSTER_SPARKPLUG_STATE] = "STATE",
};

#define MAX_PARTS 5

/* The number of parts of the copy of TEXT, which become strings of their own; 0 when there are too
 * many or too long ones. */
static unsigned
split (MusterSparkplugTopic *topic, const char *text, const char *parts[MAX_PARTS])
{
  unsigned n_parts = 0;
  char    *rest = topic->buffer;

  if (g_strlcpy (topic->buffer, text, sizeof topic->buffer) >= sizeof topic->buffer)
    return 0;
  while (rest != NULL)
    {
      char *slash = strchr (rest, '/');

      if (n_parts == MAX_PARTS)
        return 0;
      if (slash != NULL)
        *slash = '\0';
      if (*rest == '\0' || strlen (rest) > MUSTER_SPARKPLUG_MAX_ID)
        return 0;
      parts[n_parts++] = rest;
      rest = slash != NULL ? slash + 1 : NULL;
    }
  return n_parts;
}

static gboolean
find_message (const char *name, MusterSparkplugMessage *message)
{
  for (unsigned i = 0; i < MUSTER_SPARKPLUG_STATE; i++)
    if (strcmp (messages[i], name) == 0)
      {
        *message = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
muster_sparkplug_topic_parse (MusterSparkplugTopic *topic, const char *text)
{
  const char *parts[MAX_PARTS];
  unsigned    n_parts;

  g_return_val_if_fail (topic != NULL && text != NULL, FALSE);

  n_parts = split (topic, text, parts);
  topic->group = topic->node = topic->device = NULL;
  if (n_parts < 3 || strcmp (parts[0], MUSTER_SPARKPLUG_NAMESPACE) != 0)
    return FALSE;
  if (strcmp (parts[1], "STATE") == 0)
    {
      topic->message = MUSTER_SPARKPLUG_STATE;
      topic->node = parts[2];
      return n_parts == 3;
    }
  if (n_parts < 4 || !find_message (parts[2], &topic->message))
    return FALSE;
  topic->group = parts[1];
  topic->node = parts[3];
  topic->device = n_parts == 5 ? parts[4] : NULL;
  return (topic->message >= MUSTER_SPARKPLUG_DBIRTH) == (topic->device != NULL);
}

char *
muster_sparkplug_topic_format (MusterSparkplugMessage message,
                               const char            *group,
                               const char            *node,
                               const char            *device)
{
  g_return_val_if_fail (message <= MUSTER_SPARKPLUG_STATE && node != NULL, NULL);

  if (message == MUSTER_SPARKPLUG_STATE)
    return g_strdup_printf (MUSTER_SPARKPLUG_NAMESPACE "/STATE/%s", node);
  g_return_val_if_fail (group != NULL, NULL);
  return g_strdup_printf (MUSTER_SPARKPLUG_NAMESPACE "/%s/%s/%s%s%s", group, messages[message],
                          node, device ? "/" : "", device ? device : "");
}

gboolean
muster_sparkplug_id_is_valid (const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= MUSTER_SPARKPLUG_MAX_ID &&
         strpbrk (text, "+/#") == NULL && g_utf8_validate (text, -1, NULL);
}
