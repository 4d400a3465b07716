#include "dedup/marker.h"

#include <algorithm>
#include <string_view>

namespace tidings::dedup {
namespace {

// Folded: lower case, without accents.
constexpr std::u16string_view kMarkers[] = {
    u"update",     u"updated",       u"updates",    u"corrected",     u"correction",  u"refile",        u"refiles",
    u"retraction", u"retracted",     u"withdrawn",  u"clarification", u"wrapup",      u"korrektur",     u"berichtigung",
    u"aktualisiert", u"richtigstellung", u"rectificatif", u"actualise", u"correctif", u"actualizacion", u"actualizado",
    u"correccion", u"rectificacion", u"corregido",  u"aggiornamento", u"aggiornato",  u"rettifica",     u"correzione",
    u"aktualizacja", u"sprostowanie", u"korekta",   u"guncelleme",    u"guncellendi", u"duzeltme",      u"atualizacao",
    u"atualizado", u"correcao",      u"corrigido",  u"обновлено",     u"обновление",  u"уточнение",     u"исправлено",
    u"опровержение", u"дополнено",   u"оновлено",   u"виправлено",    u"تصحيح",       u"تحديث",         u"διορθωση"};

bool is_marker(std::u16string_view word) {
  return std::find(std::begin(kMarkers), std::end(kMarkers), word) != std::end(kMarkers);
}

// At the first word of a field, or the second after one that is short ("LIVE UPDATE", "RPT-UPDATE 1").
std::uint32_t marker_at(const Folded& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, from + 2); ++i) {
    if (!is_marker(text.word(i))) continue;
    const bool numbered = i + 1 < to && text.words[i + 1].number;
    // "Update on the talks" names a subject; a marker stands apart from what follows or has a number.
    if (!numbered && i + 1 < to && !text.words[i + 1].sentence_start) return 0;
    std::uint64_t h = 0x6D61726B;
    if (numbered) h = hash(text.word(i + 1), h);
    return static_cast<std::uint32_t>(hash(text.word(i), h)) | 1;
  }
  return 0;
}

}  // namespace

std::uint32_t find_marker(const Folded& text) {
  const std::uint32_t in_title = marker_at(text, 0, text.title_words);
  return in_title != 0 ? in_title : marker_at(text, text.title_words, text.words.size());
}

}  // namespace tidings::dedup
