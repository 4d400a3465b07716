#include "feed/common.h"

#include "base/text.h"

namespace tidings::feed {
namespace {

using sdk::str;
using sdk::view;

template <class R>
void offer_text(R& to, int rank, const tidings_text& text) {
  if (text.value.size > 0 || text.src.size > 0) to.offer(rank, text);
}

void offer(Ranked<std::string_view>& to, int rank, std::string_view value) {
  if (!value.empty()) to.offer(rank, value);
}

constexpr int kPlainDateRank = 2;  // of dc:date, which does not say what happened then

// A date that could not be read gives way to any that could; of two of the same name the later one is the correction.
void offer_date(const Reading& r, const Node& n, Ranked<tidings_date>& to, int rank) {
  const tidings_date date = r.date(r.text(n));
  if (date.raw.size == 0) return;
  to.replace(date.micros == TIDINGS_UNKNOWN_TIME ? 1 : rank + 1, date);
}

}  // namespace

void Common::clear() {
  title.rank = summary.rank = rights.rank = published.rank = updated.rank = expires.rank = image.rank = 0;
  id = link = language = {};
  authors.clear();
  contributors.clear();
  categories.clear();
  links.clear();
  media.clear();
  thumbnails.clear();
  extra.clear();
}

void Common::settle_dates() {
  if (published.rank == 0 && updated.rank == kPlainDateRank + 1) published = updated;
}

bool read_common(const Reading& r, const Node& n, Common& to) {
  switch (n.key()) {
    case core(Name::title): offer_text(to.title, 4, r.construct(n, Markup::guess)); return true;
    case key(Ns::dc, Name::title): offer_text(to.title, 3, r.construct(n, Markup::guess)); return true;
    case key(Ns::dcterms, Name::title): offer_text(to.title, 3, r.construct(n, Markup::guess)); return true;
    case key(Ns::media, Name::title): offer_text(to.title, 2, r.construct(n, Markup::guess)); return true;
    case key(Ns::itunes, Name::title): offer_text(to.title, 1, r.construct(n, Markup::guess)); return true;

    case core(Name::id): {
      // An id is opaque, but one that is a path on this server is none until it is whole.
      const std::string_view id = r.text(n);
      offer(to.id, 3, id.starts_with('/') ? r.url(n, id) : id);
      return true;
    }
    case core(Name::guid): offer(to.id, 3, r.text(n)); return true;
    case key(Ns::dc, Name::identifier):
    case key(Ns::dcterms, Name::identifier): offer(to.id, 1, r.text(n)); return true;

    case core(Name::link): read_link(r, n, to); return true;
    case key(Ns::itunes, Name::link):
      if (text::equal_ignoring_case(r.attribute(n, "rel"), "image")) {
        read_image(r, n, to);
      } else {
        read_link(r, n, to);
      }
      return true;
    case key(Ns::cc, Name::license): {
      const auto resource = r.attribute(n, "resource");
      add_link(to, "license", r.url(n, resource.empty() ? r.text(n) : resource));
      return true;
    }
    case key(Ns::feedburner, Name::origlink): add_link(to, "canonical", r.url(n, r.text(n))); return true;
    case key(Ns::psc, Name::chapters): add_extra(to, "psc:chapters", r.attribute(n, "href")); return true;

    case core(Name::pubdate):
    case core(Name::published): offer_date(r, n, to.published, 5); return true;
    case core(Name::issued): offer_date(r, n, to.published, 4); return true;
    case key(Ns::dcterms, Name::issued): offer_date(r, n, to.published, 3); return true;
    case key(Ns::dcterms, Name::available): offer_date(r, n, to.published, 2); return true;
    case core(Name::created):
    case key(Ns::dcterms, Name::created): offer_date(r, n, to.published, 1); return true;
    case core(Name::updated):
    case core(Name::modified):
    case core(Name::lastbuilddate): offer_date(r, n, to.updated, 4); return true;
    case key(Ns::dcterms, Name::modified): offer_date(r, n, to.updated, 3); return true;
    case key(Ns::dc, Name::date):
    case core(Name::date): offer_date(r, n, to.updated, kPlainDateRank); return true;
    case core(Name::expirationdate):
    case key(Ns::dcterms, Name::valid): offer_date(r, n, to.expires, 2); return true;

    case core(Name::author):
    case key(Ns::dc, Name::author):
    case key(Ns::dc, Name::creator):
    case key(Ns::dcterms, Name::creator):
    case key(Ns::itunes, Name::author):
    case key(Ns::googleplay, Name::author): add_person(to.authors, read_person(r, n)); return true;
    case core(Name::contributor):
    case key(Ns::dc, Name::contributor):
    case key(Ns::dcterms, Name::contributor): add_person(to.contributors, read_person(r, n)); return true;

    case core(Name::category):
    case key(Ns::itunes, Name::category):
    case key(Ns::media, Name::category):
    case key(Ns::googleplay, Name::category):
    case key(Ns::dc, Name::subject):
    case key(Ns::dcterms, Name::subject): read_category(r, n, to); return true;
    case core(Name::keywords):
    case core(Name::tags):
    case key(Ns::itunes, Name::keywords):
    case key(Ns::media, Name::keywords): read_keywords(r, n, to); return true;

    case core(Name::rights):
    case core(Name::copyright): offer_text(to.rights, 3, r.construct(n, Markup::guess)); return true;
    case key(Ns::dc, Name::rights):
    case key(Ns::dcterms, Name::rights): offer_text(to.rights, 2, r.construct(n, Markup::guess)); return true;
    case key(Ns::media, Name::copyright): offer_text(to.rights, 1, r.construct(n, Markup::guess)); return true;

    case core(Name::language): offer(to.language, 2, r.language_tag(r.text(n))); return true;
    case key(Ns::dc, Name::language):
    case key(Ns::dcterms, Name::language): offer(to.language, 1, r.language_tag(r.text(n))); return true;

    case key(Ns::podcast, Name::person): {
      auto person = sdk::made<tidings_person>();
      person.name = str(r.text(n));
      person.uri = str(r.url(n, r.attribute(n, "href")));
      add_person(to.contributors, person);
      return true;
    }

    case core(Name::image):
    case key(Ns::itunes, Name::image):
    case key(Ns::googleplay, Name::image): read_image(r, n, to); return true;

    case key(Ns::media, Name::content):
    case key(Ns::media, Name::group):
    case key(Ns::media, Name::thumbnail):
    case core(Name::thumbnail):
    case key(Ns::media, Name::player): read_media(r, n, to); return true;

    case key(Ns::itunes, Name::explicit_): add_extra(to, "itunes:explicit", r.text(n)); return true;
    case key(Ns::itunes, Name::type): add_extra(to, "itunes:type", r.text(n)); return true;
    case key(Ns::podcast, Name::locked): add_extra(to, "podcast:locked", r.text(n)); return true;
    case key(Ns::podcast, Name::guid): add_extra(to, "podcast:guid", r.text(n)); return true;
    case key(Ns::podcast, Name::funding): add_extra(to, "podcast:funding", r.url(n, r.attribute(n, "url"))); return true;
    case key(Ns::podcast, Name::medium): add_extra(to, "podcast:medium", r.text(n)); return true;
    case key(Ns::itunes, Name::block): add_extra(to, "itunes:block", r.text(n)); return true;
    case key(Ns::podcast, Name::location): add_extra(to, "podcast:location", r.text(n)); return true;
    default: return false;
  }
}

}  // namespace tidings::feed
