/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-description"

#include "config.h"

#include <string.h>

#include "muster-update-description.h"

#define MAX_DEPTH 32
#define MAX_FILES 1024
#define MAX_VALUE 256
#define MAX_CHUNKS 64
#define SHA256_DIGITS 64
#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*.+"

/* One pair of braces: what it names, until it closes. */
typedef struct
{
  char *file;
  char *sha256;
} Group;

typedef struct
{
  MusterUpdateDescription *description;
  const char              *at;
  char                    *name; /* (nullable): whose value comes next */
  Group                    groups[MAX_DEPTH];
  unsigned                 depth;
} Scan;

static void
file_free (gpointer data)
{
  MusterUpdateDescriptionFile *self = data;

  g_free (self->name);
  g_free (self->sha256);
  g_free (self);
}

void
muster_update_description_clear (MusterUpdateDescription *self)
{
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->hardware, g_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
}

/* --- groups --- */

static void
group_clear (Group *self)
{
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->sha256, g_free);
}

static gboolean
open_group (Scan *self)
{
  g_clear_pointer (&self->name, g_free);
  return ++self->depth < MAX_DEPTH;
}

static gboolean
close_group (Scan *self)
{
  Group                       *group = &self->groups[self->depth];
  MusterUpdateDescriptionFile *file = NULL;

  g_clear_pointer (&self->name, g_free);
  if (self->depth == 0)
    return FALSE;
  self->depth--;
  if (group->file != NULL)
    {
      file = g_new0 (MusterUpdateDescriptionFile, 1);
      file->name = g_steal_pointer (&group->file);
      file->sha256 = g_steal_pointer (&group->sha256);
      g_ptr_array_add (self->description->files, file);
    }
  group_clear (group);
  return self->description->files->len <= MAX_FILES;
}

/* --- values --- */

static void
take_hardware (MusterUpdateDescription *self, const char *value)
{
  g_autofree char *before = g_steal_pointer (&self->hardware);

  if (before == NULL)
    self->hardware = g_strdup (value);
  else if (strlen (before) + strlen (value) < MAX_VALUE)
    self->hardware = g_strconcat (before, ", ", value, NULL);
  else
    self->hardware = g_steal_pointer (&before);
}

/* What is fetched by its hash from here. Others are fetched from elsewhere, and nothing is known of
 * them. */
static void
take_url (MusterUpdateDescription *self, const char *value)
{
  const char *at = strstr (value, MUSTER_UPDATE_CHUNKS_PATH);
  const char *digits = at != NULL ? at + strlen (MUSTER_UPDATE_CHUNKS_PATH) : "";

  if (strlen (digits) == SHA256_DIGITS &&
      strspn (digits, "0123456789abcdefABCDEF") == SHA256_DIGITS && self->chunks->len < MAX_CHUNKS)
    g_ptr_array_add (self->chunks, g_ascii_strdown (digits, -1));
}

static void
take_value (Scan *self, const char *value)
{
  MusterUpdateDescription *description = self->description;
  Group                   *group = &self->groups[self->depth];

  if (self->name == NULL || *value == '\0' || strlen (value) > MAX_VALUE)
    return;
  if (strcmp (self->name, "version") == 0 && description->version == NULL && strlen (value) <= 64)
    description->version = g_strdup (value);
  else if (strcmp (self->name, "hardware-compatibility") == 0)
    take_hardware (description, value);
  else if (strcmp (self->name, "url") == 0)
    take_url (description, value);
  else if (strcmp (self->name, "filename") == 0)
    g_set_str (&group->file, value);
  else if (strcmp (self->name, "sha256") == 0)
    g_set_str (&group->sha256, value);
}

/* --- tokens --- */

/* Moves behind a comment, or one byte on. */
static void
skip (Scan *self)
{
  const char *end = NULL;

  if (*self->at == '#' || strncmp (self->at, "//", 2) == 0)
    end = strchr (self->at, '\n');
  else if (strncmp (self->at, "/*", 2) == 0)
    end = strstr (self->at + 2, "*/");
  else
    end = self->at;
  self->at = end != NULL ? end + 1 : self->at + strlen (self->at);
}

/* What stands in quotes: (transfer full); NULL if they do not end. */
static char *
read_string (Scan *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (self->at++; *self->at != '"'; self->at++)
    {
      if (*self->at == '\\' && self->at[1] != '\0')
        self->at++;
      if (*self->at == '\0')
        return NULL;
      g_string_append_c (text, *self->at);
    }
  self->at++;
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static gboolean
is_name_next (Scan *self)
{
  const char *next = self->at + strspn (self->at, " \t\r\n");

  return *next == '=' || *next == ':';
}

static gboolean
read_word (Scan *self)
{
  g_autofree char *text = NULL;

  if (*self->at == '"')
    text = read_string (self);
  else
    {
      gsize length = strspn (self->at, WORD);

      text = g_strndup (self->at, length);
      self->at += length;
      if (!is_name_next (self)) /* a number, or true */
        return TRUE;
    }
  if (text == NULL)
    return FALSE;
  if (is_name_next (self))
    g_set_str (&self->name, text);
  else
    take_value (self, text);
  return TRUE;
}

static gboolean
read_token (Scan *self)
{
  switch (*self->at)
    {
    case '{':
      self->at++;
      return open_group (self);
    case '}':
      self->at++;
      return close_group (self);
    case '"':
      return read_word (self);
    default:
      if (strspn (self->at, WORD) > 0)
        return read_word (self);
      skip (self);
      return TRUE;
    }
}

gboolean
muster_update_description_read (MusterUpdateDescription *self, const char *text)
{
  Scan     scan = { .description = self, .at = text };
  gboolean is_good = TRUE;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  memset (self, 0, sizeof *self);
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  while (is_good && *scan.at != '\0')
    is_good = read_token (&scan);
  is_good = is_good && scan.depth == 0;
  for (unsigned i = 0; i < MAX_DEPTH; i++)
    group_clear (&scan.groups[i]);
  g_free (scan.name);
  return is_good;
}
