//! Services with a few of their actions and resources: those with rules of their own, and one without.

/// A service with a few of its actions and resources; the first action is the ordinary one.
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) actions: &'static [&'static str],
    pub(super) resources: &'static [&'static str],
}

pub(super) const SERVICES: [Service; 12] = [
    Service {
        name: "s3",
        actions: &[
            "GetObject",
            "GetObjectVersion",
            "PutObject",
            "ListBucket",
            "GetBucketPolicy",
            "PutBucketPolicy",
            "DeleteBucketPolicy",
            "PutLifecycleConfiguration",
            "ReplicateObject",
            "PutObjectTagging",
        ],
        resources: &[
            "arn:aws:s3:::reports/2024/q1.csv",
            "arn:aws:s3:::reports",
            "arn:aws:s3:::home/amy/notes.txt",
            "arn:aws:s3:::home/amy",
            "arn:aws:s3:::reports/a:b:c",
            "arn:aws:s3:::reports/Größe/𐐀.txt",
            "arn:aws:s3:::home/${aws:username}/a*b?c$",
            "arn:aws-cn:s3:::reports/2024/q1.csv",
        ],
    },
    Service {
        name: "sqs",
        actions: &[
            "SendMessage",
            "ReceiveMessage",
            "SetQueueAttributes",
            "GetQueueUrl",
            "StartMessageMoveTask",
        ],
        resources: &[
            "arn:aws:sqs:us-east-1:111122223333:orders",
            "arn:aws:sqs:eu-west-1:444455556666:orders",
            "arn:aws:sqs:us-east-1:111122223333:amy",
        ],
    },
    Service {
        name: "logs",
        actions: &[
            "PutLogEvents",
            "CreateLogStream",
            "DescribeLogGroups",
            "PutSubscriptionFilter",
            "CreateDelivery",
        ],
        resources: &[
            "arn:aws:logs:us-east-1:111122223333:destination:d",
            "arn:aws:logs:us-east-1:444455556666:delivery-destination:d",
            "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com:log-stream:Z1/IAD",
            "arn:aws:logs:us-east-1:444455556666:log-group:amy:*",
            "*",
        ],
    },
    Service {
        name: "kms",
        actions: &[
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "DescribeKey",
            "CreateGrant",
            "RetireGrant",
            "Sign",
            "ReEncryptFrom",
            "ScheduleKeyDeletion",
            "UpdateAlias",
        ],
        resources: &[
            "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-east-1:444455556666:key/mrk-12",
            "arn:aws:kms:us-east-1:111122223333:alias/app",
            "arn:aws:kms:us-east-1:111122223333:alias/aws/s3",
        ],
    },
    Service {
        name: "sts",
        actions: &[
            "AssumeRole",
            "TagSession",
            "GetCallerIdentity",
            "GetSessionToken",
            "AssumeRoleWithWebIdentity",
            "AssumeRoleWithSAML",
            "GetFederationToken",
            "AssumeRoot",
        ],
        resources: &[
            "arn:aws:iam::111122223333:role/service/app",
            "arn:aws:iam::444455556666:role/app",
            "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
            "arn:aws:sts::111122223333:federated-user/bob",
            "arn:aws:iam::444455556666:root",
            "*",
        ],
    },
    Service {
        name: "iam",
        actions: &[
            "GetUser",
            "PassRole",
            "ListUsers",
            "GetPolicy",
            "DeletePolicy",
            "PutRolePolicy",
            "UpdateRole",
        ],
        resources: &[
            "arn:aws:iam::111122223333:user/amy",
            "arn:aws:iam::111122223333:role/service/app",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef",
            "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
            "*",
        ],
    },
    Service {
        name: "events",
        actions: &["PutEvents", "PutPermission", "RemovePermission"],
        resources: &["arn:aws:events:us-east-1:111122223333:event-bus/orders"],
    },
    Service {
        name: "lambda",
        actions: &["GetLayerVersion", "DeleteLayerVersion", "InvokeFunction"],
        resources: &[
            "arn:aws:lambda:us-east-1:444455556666:layer:tools:3",
            "arn:aws:lambda:us-east-1:111122223333:function:f",
        ],
    },
    Service {
        name: "backup",
        actions: &["CopyIntoBackupVault", "DeleteBackupVault"],
        resources: &["arn:aws:backup:us-east-1:444455556666:backup-vault:v"],
    },
    Service {
        name: "organizations",
        actions: &["DescribePolicy", "UpdatePolicy", "AttachPolicy"],
        resources: &[
            "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
            "arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-1",
        ],
    },
    Service {
        name: "cloudformation",
        actions: &["CreateChangeSet"],
        resources: &["arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31"],
    },
    Service {
        name: "dynamodb",
        actions: &["GetItem", "Query"],
        resources: &["arn:aws:dynamodb:us-east-1:111122223333:table/prod-amy"],
    },
];
