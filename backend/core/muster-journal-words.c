/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal"

#include "config.h"

#include "muster-journal-words.h"

char *
muster_journal_describe (const char *verb, const MusterEntityInfo *info, const char *title)
{
  g_autofree char *noun = NULL;

  g_return_val_if_fail (verb != NULL && info != NULL, NULL);

  noun = g_strdelimit (g_strdup (info->name), "_", ' ');
  return g_strjoin (" ", verb, noun, title, NULL);
}
