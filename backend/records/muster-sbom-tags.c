/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sbom-tags"

#include "config.h"

#include <string.h>

#include "muster-sbom-private.h"

#define OPENING "<text>"
#define CLOSING "</text>"

/* Where the reader is. */
typedef struct
{
  MusterSbom          *sbom;
  MusterSbomComponent *package; /* (nullable): whose tags follow */
  const char          *at;
  const char          *end;
  unsigned             line;
} Reader;

/* The line at which the reader is, without its end: (transfer full). Moves behind it. */
static char *
read_line (Reader *self)
{
  const char *end = memchr (self->at, '\n', self->end - self->at);
  const char *next = end != NULL ? end + 1 : self->end;
  char       *line = g_strndup (self->at, (end != NULL ? end : self->end) - self->at);

  self->at = next;
  self->line++;
  return g_strchomp (line);
}

/* The rest of a value that begins with <text>, which is not kept: nothing that names a component
 * has lines. */
static gboolean
skip_text (Reader *self, const char *value, GError **error)
{
  unsigned begin = self->line;

  if (strstr (value, CLOSING) != NULL)
    return TRUE;
  while (self->at < self->end)
    {
      g_autofree char *line = read_line (self);

      if (strstr (line, CLOSING) != NULL)
        return TRUE;
    }
  return muster_sbom_refuse (error, "has a text without an end, from line %u on", begin);
}

/* `PACKAGE-MANAGER purl pkg:…` */
static void
take_reference (MusterSbomComponent *package, const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 3);

  if (g_strv_length (words) == 3 && strcmp (words[1], "purl") == 0)
    muster_sbom_set (&package->package_url, words[2]);
}

static gboolean
take_tag (Reader *self, const char *tag, const char *value, GError **error)
{
  if (strcmp (tag, "SPDXVersion") == 0)
    return muster_sbom_set_spdx (self->sbom, value, error);
  if (strcmp (tag, "PackageName") == 0)
    {
      self->package = muster_sbom_add (self->sbom, value, error);
      return self->package != NULL;
    }
  if (strcmp (tag, "FileName") == 0 || strcmp (tag, "SnippetSPDXID") == 0)
    self->package = NULL;
  if (self->package == NULL)
    return TRUE;
  if (strcmp (tag, "PackageVersion") == 0)
    muster_sbom_set (&self->package->version, value);
  else if (strcmp (tag, "PackageLicenseConcluded") == 0)
    muster_sbom_set (&self->package->licence, value);
  else if (strcmp (tag, "PackageLicenseDeclared") == 0 && self->package->licence == NULL)
    muster_sbom_set (&self->package->licence, value);
  else if (strcmp (tag, "ExternalRef") == 0)
    take_reference (self->package, value);
  return TRUE;
}

static gboolean
take_line (Reader *self, const char *line, GError **error)
{
  const char      *colon = strchr (line, ':');
  g_autofree char *tag = colon != NULL ? g_strndup (line, colon - line) : NULL;
  const char      *value = colon != NULL ? colon + 1 : NULL;

  if (*line == '\0' || *line == '#')
    return TRUE;
  if (tag == NULL || *tag == '\0' || strpbrk (tag, " \t") != NULL)
    return muster_sbom_refuse (error, "has no tag and value in line %u", self->line);
  value += strspn (value, " \t");
  if (g_str_has_prefix (value, OPENING))
    return skip_text (self, value + strlen (OPENING), error);
  return take_tag (self, tag, value, error);
}

gboolean
muster_sbom_read_tags (MusterSbom *self, const char *text, gsize length, GError **error)
{
  Reader reader = { self, NULL, text, text + length, 0 };

  if (memchr (text, '\0', length) != NULL)
    return muster_sbom_refuse (error, "is no text: it holds a zero byte");
  while (reader.at < reader.end)
    {
      g_autofree char *line = read_line (&reader);

      if (!take_line (&reader, line, error))
        return FALSE;
      if (self->format == NULL && *line != '\0' && *line != '#')
        return muster_sbom_refuse (error, "is no bill of materials: SPDX begins with SPDXVersion");
    }
  return self->format != NULL || muster_sbom_refuse (error, "is no bill of materials: it is empty");
}
