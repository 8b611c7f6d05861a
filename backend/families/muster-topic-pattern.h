/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_TOPIC_MAX 65535 /* bytes of a topic: the protocol's own limit */
#define MUSTER_TOPIC_MAX_LEVELS 32
#define MUSTER_TOPIC_MAX_CAPTURES 16

/**
 * MusterTopicPattern:
 *
 * A topic with names in place of what differs: `shellies/{id}/relay/{n}`. A name may have text
 * before and behind it within its level (`POWER{n}`), and stands for at least one character; at the
 * end, `{name...}` stands for one level or more. Immutable.
 */
typedef struct _MusterTopicPattern MusterTopicPattern;

/* NULL with MUSTER_ERROR_INVALID for what is no pattern. */
MusterTopicPattern *muster_topic_pattern_new (const char *text, GError **error);
void                muster_topic_pattern_free (MusterTopicPattern *self);

/* The narrowest subscription that yields every topic of the pattern: borrowed. */
const char *muster_topic_pattern_get_filter (const MusterTopicPattern *self);
/* The names in their order: borrowed, NULL-terminated. */
const char *const *muster_topic_pattern_get_names (const MusterTopicPattern *self);
/* What the names stand for in TOPIC, NULL-terminated: (transfer full); NULL: it does not match. */
char **muster_topic_pattern_match (const MusterTopicPattern *self, const char *topic);

/* Whether TEXT may be published to: no wildcards, not empty, not the broker's own. */
gboolean muster_topic_is_name (const char *text);
/* Whether TEXT may stand for one level. */
gboolean muster_topic_is_level (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTopicPattern, muster_topic_pattern_free)

/**
 * MusterTopicTree:
 *
 * Patterns by their levels, so that finding those that a topic matches takes time by the depth of
 * the topic, not by the number of patterns.
 */
typedef struct _MusterTopicTree MusterTopicTree;

MusterTopicTree *muster_topic_tree_new (void);
void             muster_topic_tree_free (MusterTopicTree *self);
/* PATTERN is borrowed until it is removed; DATA goes with it. */
void muster_topic_tree_add (MusterTopicTree          *self,
                            const MusterTopicPattern *pattern,
                            gpointer                  data);
void muster_topic_tree_remove (MusterTopicTree          *self,
                               const MusterTopicPattern *pattern,
                               gpointer                  data);

typedef struct
{
  const MusterTopicPattern *pattern;
  gpointer                  data;
  char                    **captures; /* (owned): by the names of the pattern */
} MusterTopicMatch;

void muster_topic_match_free (MusterTopicMatch *self);
/* (element-type MusterTopicMatch) (transfer full): in the order in which they were added; NULL:
 * none. */
GPtrArray *muster_topic_tree_match (MusterTopicTree *self, const char *topic);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTopicTree, muster_topic_tree_free)

G_END_DECLS
