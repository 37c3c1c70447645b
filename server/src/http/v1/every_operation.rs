//! What the description says of every operation alike, because layers around all of them do it: refusals that any may meet,
//! and the key by which a request is sent again.

use utoipa::openapi::{
    Content, HeaderBuilder, ObjectBuilder, OpenApi as Document, Ref, RefOr, Required, Response, ResponseBuilder,
    Schema, Type,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::AnyOfBuilder,
};

/// Writes it into every operation.
pub fn describe(document: &mut Document) {
    for item in document.paths.paths.values_mut() {
        let changing = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in changing.into_iter().flatten() {
            operation.parameters.get_or_insert_default().push(RefOr::T(key()));
            for (status, meaning) in [
                ("400", "The request can't be understood, its body or its `Idempotency-Key`"),
                ("408", "The body took too long to come"),
                ("409", "The same request is being answered at this moment"),
                ("413", "Too large"),
                ("422", "A field can't be used, or the `Idempotency-Key` belongs to another request"),
            ] {
                refuse(operation, status, meaning);
            }
        }
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in all.into_iter().flatten() {
            for (status, meaning) in [
                ("429", "Too many requests in too short a time; come back after `Retry-After`"),
                ("503", "Too much at this moment; come back after `Retry-After`"),
                ("504", "It took too long; it may still be completed"),
            ] {
                refuse(operation, status, meaning);
            }
        }
    }
}

fn key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]{1,255}$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A name of your choice for this request. Within 24 hours the same request under the same key does nothing more \
             and is answered as it was the first time, with `Idempotent-Replayed: true`. Answers of 429 and 5xx are not \
             kept, nor is one that carries a sign-in link: such a request is answered anew.",
        ))
        .schema(Some(schema))
        .build()
}

/// Adds a refusal. Where the operation has one of its own with this status, either may come.
fn refuse(operation: &mut Operation, status: &str, meaning: &str) {
    let Some(known) = operation.responses.responses.get_mut(status) else {
        operation.responses.responses.insert(status.to_owned(), RefOr::T(problem(status, meaning)));
        return;
    };
    let RefOr::T(known) = known else { return };
    let plain: RefOr<Schema> = Ref::from_schema_name("Problem").into();
    for content in known.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        if let Some(own) = content.schema.take() {
            content.schema = Some(if own == plain {
                own
            } else {
                RefOr::T(Schema::AnyOf(AnyOfBuilder::new().item(own).item(plain.clone()).build()))
            });
        }
    }
}

fn problem(status: &str, meaning: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let mut response = ResponseBuilder::new().description(meaning).content("application/problem+json", content);
    if ["409", "429", "503"].contains(&status) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        let header = HeaderBuilder::new().description(Some("Seconds")).schema(Some(seconds)).build();
        response = response.header("Retry-After", header);
    }
    response.build()
}
